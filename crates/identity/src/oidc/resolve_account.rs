//! Finds or creates the account of an external identity and logs it in.

use kernel::{Ctx, SystemReason};
use platform::config::OidcSettings;
use platform::{App, Problem, Tx, audit};
use serde_json::json;

use super::model::{ExternalIdentity, OidcError};
use super::queries;
use crate::auth::login_outcome::LoginOutcome;
use crate::second_factor::challenge::log_in_or_challenge;
use crate::second_factor::notices::{Notice, notify};
use crate::sessions::caller::Caller;
use crate::sessions::model::{Factor, SessionKind};
use crate::users::find_or_create::find_or_create_by_email;
use crate::users::model::Account;
use crate::users::queries::{account, verify_email};

/// Logs in the account of an external identity, which may be a new one, or asks for its second factor.
///
/// # Errors
/// 403 `oidc_email_unverified`, 409 `oidc_log_in_first`.
pub(super) async fn log_in_identity(
    ctx: &Ctx,
    app: &App,
    settings: &OidcSettings,
    identity: &ExternalIdentity,
    caller: &Caller,
) -> Result<LoginOutcome, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Registration).await?;
    let account = match queries::owner(&mut tx, &identity.issuer, &identity.subject, ctx.now()).await? {
        Some(owner) => account(&mut tx, owner).await?.ok_or(OidcError::Ended)?,
        None => resolve_by_email(ctx, app, settings, &mut tx, identity).await?,
    };
    let outcome = log_in_or_challenge(ctx, &mut tx, account, Factor::Oidc, SessionKind::Cookie, caller).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Links the account with the address of an external identity, where both sides have verified it; creates the account where
/// nobody has the address.
async fn resolve_by_email(
    ctx: &Ctx,
    app: &App,
    settings: &OidcSettings,
    tx: &mut Tx,
    identity: &ExternalIdentity,
) -> Result<Account, Problem> {
    let email = identity.email.as_ref().ok_or(OidcError::EmailUnverified)?;
    let (user_id, is_new) = find_or_create_by_email(ctx, tx, email, &identity.name, ctx.locale).await?;
    if is_new {
        verify_email(tx, user_id, email.as_str(), ctx.now()).await?;
    }
    let account = account(tx, user_id).await?.ok_or(OidcError::Ended)?;
    // An unverified account may be somebody else's; an account that is linked already has another external identity.
    if !account.is_verified() || !queries::insert(tx, identity, user_id, ctx.now()).await? {
        return Err(OidcError::LogInFirst.into());
    }
    let site = json!({"issuer": identity.issuer, "is_new": is_new});
    audit::record(ctx, tx, "users.oidc_linked", "user", Some(user_id.uuid()), &site).await?;
    if !is_new {
        let notice = Notice::AccountLinked { site: settings.name.clone() };
        notify(ctx, app, tx, user_id, &notice).await?;
    }
    Ok(account)
}
