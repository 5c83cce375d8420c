//! A link sets a password.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem, Tx, audit};
use serde_json::json;
use time::Duration;

use crate::login_throttle::{Guess, forget_devices};
use crate::one_time_links::{Link, LinkPurpose, consume, look, revoke_all};
use crate::passwords::{self, NewPassword};
use crate::second_factor::{self, Entry};
use crate::sessions::{self, Caller, Factor, SessionKind};
use crate::users::{self, Account, EmailAddress};
use crate::{api_tokens, emails};

/// Where somebody arrives who has just set the first password: the pages of their own.
pub const AFTER_FIRST_PASSWORD: &str = "/admin/pages";

/// Codes that one address may try.
const TRIES: RateLimit = RateLimit { name: "reset_tries", burst: 20, every: Duration::seconds(10) };

/// What came of it.
#[derive(Debug)]
pub enum Reset {
    /// The password is set; its owner logs in with it.
    Done,
    /// The first password is set, and its owner is in, or owes a second proof.
    Entered(Entry),
}

/// Sets a password by a link. Every session ends, as do the tokens of programs. The first password of an account also
/// logs in, as far as a second factor allows.
///
/// # Errors
/// 404 and 410 for a link that does not work, 422 for a password that is not accepted, 429, 503.
pub async fn reset(
    ctx: &Ctx,
    app: &App,
    caller: &Caller,
    purpose: LinkPurpose,
    code: &str,
    password: &str,
    kind: SessionKind,
) -> Result<Reset, Problem> {
    rate_limits::take(ctx, app, TRIES, &caller.address_key()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = look(ctx, &mut tx, code, purpose).await?;
    let account = users::account(&mut tx, link.user_id).await?.ok_or_else(Problem::not_found)?;
    let has_second_factor = second_factor::factors(&mut tx, account.id).await?.is_on();
    tx.commit().await?;
    let about = [account.email.as_str(), account.display_name.as_str()];
    let wanted = NewPassword { text: password, about: &about, has_second_factor };
    wanted.check().map_err(|fault| Problem::invalid(vec![fault]))?;
    let hash = passwords::hash(ctx.random(), password).await?;

    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = consume(ctx, &mut tx, code, purpose).await?;
    passwords::store(&mut tx, account.id, &hash, ctx.now()).await?;
    end_what_was(ctx, &mut tx, &account, &link).await?;
    let done = if purpose == LinkPurpose::SetPassword {
        Reset::Entered(second_factor::enter(ctx, &mut tx, account, Factor::Link, kind, caller).await?)
    } else {
        Reset::Done
    };
    tx.commit().await?;
    Ok(done)
}

/// Everything that others might hold ends, and the owner is told.
async fn end_what_was(ctx: &Ctx, tx: &mut Tx, account: &Account, link: &Link) -> Result<(), Problem> {
    sessions::end_others(ctx, tx, account.id, None).await?;
    api_tokens::revoke_all(ctx, tx, account.id).await?;
    if !account.is_verified() {
        // Whoever set these up never showed that the address is theirs; whoever used the link has.
        second_factor::forget(tx, account.id).await?;
        forget_devices(tx, account.id).await?;
    }
    users::verify_email(tx, account.id, &link.email, ctx.now()).await?;
    revoke_all(ctx, tx, account.id, &[LinkPurpose::Recovery, LinkPurpose::SetPassword, LinkPurpose::VerifyEmail])
        .await?;
    if let Ok(email) = EmailAddress::parse(&account.email) {
        Guess::Account(email).forgive(tx).await?;
    }
    audit::record(ctx, tx, "users.reset_password", "user", Some(account.id.uuid()), &json!({"by": link.purpose}))
        .await?;
    if link.purpose == LinkPurpose::Recovery {
        let dedupe_key = format!("password-changed/{}", link.id);
        emails::post(ctx, tx, account, dedupe_key, "password-changed", ui::Args::default()).await?;
    }
    Ok(())
}
