//! Sets a password by a one-time link.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem, Tx, audit};
use serde_json::json;
use time::Duration;

use crate::api_tokens::queries::revoke_all_api_tokens;
use crate::auth::login_outcome::LoginOutcome;
use crate::emails::queue_email;
use crate::login_throttle::model::LoginAttempt;
use crate::login_throttle::queries::forget_devices;
use crate::one_time_links::consume::{check_link, consume_link};
use crate::one_time_links::issue::revoke_links;
use crate::one_time_links::model::{Link, LinkPurpose};
use crate::passwords::hash::hash_password;
use crate::passwords::policy::NewPassword;
use crate::passwords::queries::store_password;
use crate::second_factor::challenge::log_in_or_challenge;
use crate::second_factor::queries::{delete_all_factors, factors};
use crate::sessions::caller::Caller;
use crate::sessions::lifecycle::end_other_sessions;
use crate::sessions::model::{Factor, SessionKind};
use crate::users::email::EmailAddress;
use crate::users::model::Account;
use crate::users::queries::{account, verify_email};

/// The page after the first password was set.
pub(super) const AFTER_FIRST_PASSWORD: &str = "/admin/pages";

/// Codes that one IP address may try.
const TRIES: RateLimit = RateLimit { name: "reset_tries", burst: 20, every: Duration::seconds(10) };

/// The result of setting a password.
#[derive(Debug)]
pub(super) enum Reset {
    /// The password is set; its owner logs in with it.
    Done,
    /// The first password is set and its owner is logged in, or a second factor is needed.
    FirstPassword(LoginOutcome),
}

/// Sets a password by a link. Every session and API token of the account ends. The first password also logs in.
///
/// # Errors
/// 404 and 410 for a link that does not work, 422 for a password that is not accepted, 429, 503.
pub(super) async fn reset_password(
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
    let link = check_link(ctx, &mut tx, code, purpose).await?;
    let account = account(&mut tx, link.user_id).await?.ok_or_else(Problem::not_found)?;
    let has_second_factor = factors(&mut tx, account.id).await?.is_on();
    tx.commit().await?;
    let about = [account.email.as_str(), account.display_name.as_str()];
    let new_password = NewPassword { text: password, about: &about, has_second_factor };
    new_password.check().map_err(|error| Problem::invalid(vec![error]))?;
    let hash = hash_password(ctx.random(), password).await?;

    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = consume_link(ctx, &mut tx, code, purpose).await?;
    store_password(&mut tx, account.id, &hash, ctx.now()).await?;
    end_access(ctx, &mut tx, &account, &link).await?;
    let done = if purpose == LinkPurpose::SetPassword {
        Reset::FirstPassword(log_in_or_challenge(ctx, &mut tx, account, Factor::Link, kind, caller).await?)
    } else {
        Reset::Done
    };
    tx.commit().await?;
    Ok(done)
}

/// Ends everything by which somebody else could have access, verifies the address and notifies the owner.
async fn end_access(ctx: &Ctx, tx: &mut Tx, account: &Account, link: &Link) -> Result<(), Problem> {
    end_other_sessions(ctx, tx, account.id, None).await?;
    revoke_all_api_tokens(tx, account.id, ctx.now()).await?;
    if !account.is_verified() {
        // Whoever set these up never proved to own the address; whoever used the link did.
        delete_all_factors(tx, account.id).await?;
        forget_devices(tx, account.id).await?;
    }
    verify_email(tx, account.id, &link.email, ctx.now()).await?;
    let purposes = [LinkPurpose::Recovery, LinkPurpose::SetPassword, LinkPurpose::VerifyEmail];
    revoke_links(ctx, tx, account.id, &purposes).await?;
    if let Ok(email) = EmailAddress::parse(&account.email) {
        LoginAttempt::Account(email).reset(tx).await?;
    }
    audit::record(ctx, tx, "users.reset_password", "user", Some(account.id.uuid()), &json!({"by": link.purpose}))
        .await?;
    if link.purpose == LinkPurpose::Recovery {
        let dedupe_key = format!("password-changed/{}", link.id);
        queue_email(ctx, tx, account, dedupe_key, "password-changed", ui::Args::default()).await?;
    }
    Ok(())
}
