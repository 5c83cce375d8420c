//! Mails to an owner about changes of the ways to log in.

use kernel::{Ctx, MailId, UserId};
use platform::{App, DatabaseError, Tx, mail};
use ui::Messages;
use ui::mails::compose;

use crate::users::queries::account;

/// What happened.
pub(crate) enum Notice {
    /// An authenticator app was set up.
    TotpOn,
    /// The authenticator app was removed.
    TotpOff,
    /// Ten new recovery codes were drawn.
    RecoveryCodesRenewed,
    /// A recovery code was used to log in.
    RecoveryCodeUsed {
        /// How many unused codes are left.
        left: i64,
    },
    /// A passkey was added.
    PasskeyAdded {
        /// Its name.
        name: String,
    },
    /// A passkey was removed.
    PasskeyRemoved {
        /// Its name.
        name: String,
    },
    /// An account at an OpenID provider was linked.
    AccountLinked {
        /// The name of the provider.
        site: String,
    },
    /// The link to an account at an OpenID provider was removed.
    AccountUnlinked {
        /// The name of the provider.
        site: String,
    },
    /// Somebody gave the right first factor and then only wrong codes.
    WrongCodes,
    /// The account became an operator's.
    OperatorGranted,
    /// The account is no operator's any more.
    OperatorRevoked,
}

impl Notice {
    const fn key(&self) -> &'static str {
        match self {
            Self::TotpOn => "totp-on",
            Self::TotpOff => "totp-off",
            Self::RecoveryCodesRenewed => "recovery-codes-renewed",
            Self::RecoveryCodeUsed { .. } => "recovery-code-used",
            Self::PasskeyAdded { .. } => "passkey-added",
            Self::PasskeyRemoved { .. } => "passkey-removed",
            Self::AccountLinked { .. } => "account-linked",
            Self::AccountUnlinked { .. } => "account-unlinked",
            Self::WrongCodes => "wrong-codes",
            Self::OperatorGranted => "operator-granted",
            Self::OperatorRevoked => "operator-revoked",
        }
    }

    /// The argument `what` of the mail.
    fn what(&self) -> String {
        match self {
            Self::RecoveryCodeUsed { left } => left.to_string(),
            Self::PasskeyAdded { name } | Self::PasskeyRemoved { name } => name.clone(),
            Self::AccountLinked { site } | Self::AccountUnlinked { site } => site.clone(),
            Self::TotpOn
            | Self::TotpOff
            | Self::RecoveryCodesRenewed
            | Self::WrongCodes
            | Self::OperatorGranted
            | Self::OperatorRevoked => String::new(),
        }
    }
}

/// Queues the mail in the transaction of the change. About wrong codes one mail a day is sent.
///
/// # Errors
/// When the database fails.
pub(crate) async fn notify(
    ctx: &Ctx,
    app: &App,
    tx: &mut Tx,
    user_id: UserId,
    notice: &Notice,
) -> Result<(), DatabaseError> {
    let Some(account) = account(tx, user_id).await? else { return Ok(()) };
    let args = ui::arg("what", notice.what()).arg("url", app.config.absolute_url("/account/security"));
    let number = match notice {
        Notice::WrongCodes => format!("{user_id}/{}", ctx.now().date()),
        _ => ctx.new_id::<MailId>().to_string(),
    };
    let (recipient, key) = (account.recipient(), notice.key());
    let dedupe_key = format!("factors-{key}/{number}");
    let mut mail = compose(&recipient, dedupe_key, &format!("factors-mail-{key}"), args.clone());
    let t = Messages::new(recipient.locale);
    let greeting = t.say_with("factors-mail-greeting", args.clone().arg("name", &recipient.name));
    let ending = t.say_with("factors-mail-ending", args);
    mail.body_text = format!("{greeting}\n\n{}\n\n{ending}\n", mail.body_text);
    mail::write(ctx, tx, &mail).await
}
