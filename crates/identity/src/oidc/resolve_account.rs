//! Who a stranger from another site is here.

use kernel::{Ctx, SystemReason};
use platform::config::OidcSettings;
use platform::{App, Problem, Tx, audit};
use serde_json::json;

use super::model::{ExternalIdentity, OidcError};
use super::queries;
use crate::second_factor::{self, Entry, Notice};
use crate::sessions::{Caller, Factor, SessionKind};
use crate::users::{self, Account};

/// Begins a session for the account that the stranger is here, which may be a new one, or asks for its second factor.
///
/// # Errors
/// 403 `oidc_email_unverified`, 409 `oidc_log_in_first`.
pub(super) async fn enter(
    ctx: &Ctx,
    app: &App,
    settings: &OidcSettings,
    stranger: &ExternalIdentity,
    caller: &Caller,
) -> Result<Entry, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Registration).await?;
    let account = match queries::owner(&mut tx, &stranger.issuer, &stranger.subject, ctx.now()).await? {
        Some(owner) => users::account(&mut tx, owner).await?.ok_or(OidcError::Ended)?,
        None => recognise(ctx, app, settings, &mut tx, stranger).await?,
    };
    let entry = second_factor::enter(ctx, &mut tx, account, Factor::Oidc, SessionKind::Cookie, caller).await?;
    tx.commit().await?;
    Ok(entry)
}

/// The account with the stranger's address, where both sides have verified it; a new one where nobody has it.
async fn recognise(
    ctx: &Ctx,
    app: &App,
    settings: &OidcSettings,
    tx: &mut Tx,
    stranger: &ExternalIdentity,
) -> Result<Account, Problem> {
    let email = stranger.email.as_ref().ok_or(OidcError::EmailUnverified)?;
    let (user_id, is_new) = users::find_or_create_by_email(ctx, tx, email, &stranger.name, ctx.locale).await?;
    if is_new {
        users::verify_email(tx, user_id, email.as_str(), ctx.now()).await?;
    }
    let account = users::account(tx, user_id).await?.ok_or(OidcError::Ended)?;
    if !account.is_verified() {
        // Whoever made it may be somebody else: only its password, or a mail to the address, can tell.
        return Err(OidcError::LogInFirst.into());
    }
    if !queries::insert(tx, stranger, user_id, ctx.now()).await? {
        // The account here opens by another account there already.
        return Err(OidcError::LogInFirst.into());
    }
    let site = json!({"issuer": stranger.issuer, "is_new": is_new});
    audit::record(ctx, tx, "users.oidc_linked", "user", Some(user_id.uuid()), &site).await?;
    if !is_new {
        let notice = Notice::AccountLinked { site: settings.name.clone() };
        second_factor::notify(ctx, app, tx, user_id, &notice).await?;
    }
    Ok(account)
}
