//! Mails that tell somebody what changed at their door.

use kernel::{Ctx, MailId, UserId};
use platform::mail::{self, NewMail};
use platform::{App, DatabaseError, Tx};

use crate::users;

/// What changed.
pub(crate) enum Notice {
    /// An authenticator app was set up.
    TotpOn,
    /// It was taken away.
    TotpOff,
    /// Ten new recovery codes.
    RecoveryCodesRenewed,
    /// A recovery code opened the door.
    RecoveryCodeUsed {
        /// How many are left.
        left: i64,
    },
    /// A passkey was added.
    PasskeyAdded {
        /// What its owner calls it.
        name: String,
    },
    /// A passkey was taken away.
    PasskeyRemoved {
        /// What its owner called it.
        name: String,
    },
    /// An account at another site opens the door from now on.
    AccountLinked {
        /// The site.
        site: String,
    },
    /// It no longer does.
    AccountUnlinked {
        /// The site.
        site: String,
    },
    /// Somebody gave a right first proof and only wrong codes after it.
    WrongCodes,
    /// The account runs the platform from now on.
    OperatorGranted,
    /// It no longer does.
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

    fn filling(&self) -> String {
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

/// Writes the mail, in the language of its reader and in the transaction of the change.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn notify(
    ctx: &Ctx,
    app: &App,
    tx: &mut Tx,
    user_id: UserId,
    notice: &Notice,
) -> Result<(), DatabaseError> {
    let Some(account) = users::account(tx, user_id).await? else { return Ok(()) };
    let (locale, filling) = (account.locale(), notice.filling());
    let door = app.config.absolute_url("/account/security");
    let args = [("name", account.display_name.as_str()), ("what", filling.as_str()), ("url", door.as_str())];
    let text = |part: &str| app.text(locale, &format!("factors-mail-{}-{part}", notice.key()), &args);
    // Guesses may go on for days; one mail a day says it.
    let number = match notice {
        Notice::WrongCodes => format!("{user_id}/{}", ctx.now().date()),
        _ => ctx.new_id::<MailId>().to_string(),
    };
    let greeting = app.text(locale, "factors-mail-greeting", &args);
    let ending = app.text(locale, "factors-mail-ending", &args);
    let new = NewMail {
        dedupe_key: format!("factors-{}/{number}", notice.key()),
        recipient_id: Some(user_id),
        recipient_address: account.email.clone(),
        locale,
        subject: text("subject"),
        body_text: format!("{greeting}\n\n{}\n\n{ending}\n", text("body")),
    };
    mail::write(ctx, tx, &new).await
}
