//! Links an external identity to the account of the actor, or removes the link.

use kernel::{Ctx, SystemReason, UserId};
use platform::config::{Config, OidcSettings};
use platform::{App, DatabaseError, Problem, audit};
use serde_json::json;
use sqlx::PgConnection;

use super::model::{ExternalIdentity, OidcError, issuer_of};
use super::queries;
use crate::login_methods::queries::{has_login_method, lock_login_methods};
use crate::second_factor::notices::{Notice, notify};
use crate::sessions::proof::require_recent_proof;

/// The configured provider and the account's link to it.
pub(crate) struct LinkedSite {
    /// The name of the provider.
    pub(crate) name: String,
    /// Whether the account has a link.
    pub(crate) is_linked: bool,
    /// The address at the provider when it was linked, or an empty text.
    pub(crate) email: String,
}

/// The configured provider and the account's link to it; `None` without a provider.
///
/// # Errors
/// When the database fails.
pub(crate) async fn linked_site(
    config: &Config,
    tx: &mut PgConnection,
    user_id: UserId,
) -> Result<Option<LinkedSite>, DatabaseError> {
    let Some(settings) = &config.oidc else { return Ok(None) };
    let linked = queries::linked_email(tx, user_id, &issuer_of(settings)).await?;
    let is_linked = linked.is_some();
    Ok(Some(LinkedSite { name: settings.name.clone(), is_linked, email: linked.flatten().unwrap_or_default() }))
}

/// Links an external identity to the account of the actor. Their addresses may differ, because both were just proved.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `oidc_taken`.
pub(super) async fn link(
    ctx: &Ctx,
    app: &App,
    settings: &OidcSettings,
    identity: &ExternalIdentity,
) -> Result<(), Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    if queries::owner(&mut tx, &identity.issuer, &identity.subject, ctx.now()).await? == Some(user_id) {
        return Ok(());
    }
    if !queries::insert(&mut tx, identity, user_id, ctx.now()).await? {
        return Err(OidcError::Taken.into());
    }
    let site = json!({"issuer": identity.issuer});
    audit::record(ctx, &mut tx, "users.oidc_linked", "user", Some(user_id.uuid()), &site).await?;
    let notice = Notice::AccountLinked { site: settings.name.clone() };
    notify(ctx, app, &mut tx, user_id, &notice).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes the link of the actor's account.
///
/// # Errors
/// 403 `reauthentication_required`, 404, 409 `last_login_method` when the account has no other login method.
pub(super) async fn unlink(ctx: &Ctx, app: &App, settings: &OidcSettings) -> Result<(), Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let issuer = issuer_of(settings);
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    lock_login_methods(&mut tx, user_id).await?;
    if !queries::delete(&mut tx, user_id, &issuer).await? {
        return Err(Problem::not_found());
    }
    if !has_login_method(&mut tx, user_id).await? {
        return Err(Problem::conflict("last_login_method"));
    }
    let site = json!({"issuer": issuer});
    audit::record(ctx, &mut tx, "users.oidc_unlinked", "user", Some(user_id.uuid()), &site).await?;
    let notice = Notice::AccountUnlinked { site: settings.name.clone() };
    notify(ctx, app, &mut tx, user_id, &notice).await?;
    tx.commit().await?;
    Ok(())
}
