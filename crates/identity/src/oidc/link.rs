//! Somebody who is logged in links an account at another site to theirs, or takes the link away.

use kernel::{Ctx, SystemReason, UserId};
use platform::config::{Config, OidcSettings};
use platform::{App, DatabaseError, Problem, audit};
use serde_json::json;
use sqlx::PgConnection;

use super::model::{ExternalIdentity, OidcError};
use super::provider::issuer_of;
use super::queries;
use crate::login_methods;
use crate::second_factor::{self, Notice};
use crate::sessions::require_recent_proof;

/// The site, and whether an account there opens the account here.
pub(crate) struct LinkedSite {
    /// What the site is called.
    pub(crate) name: String,
    /// Whether there is a link.
    pub(crate) is_linked: bool,
    /// The address there.
    pub(crate) email: String,
}

/// The configured site, when there is one.
///
/// # Errors
/// When the database does not answer.
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

/// Links the stranger to the account of whoever is logged in, whatever their addresses are: both were just proved.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `oidc_taken`.
pub(super) async fn link(
    ctx: &Ctx,
    app: &App,
    settings: &OidcSettings,
    stranger: &ExternalIdentity,
) -> Result<(), Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    if queries::owner(&mut tx, &stranger.issuer, &stranger.subject, ctx.now()).await? == Some(user_id) {
        return Ok(());
    }
    if !queries::insert(&mut tx, stranger, user_id, ctx.now()).await? {
        return Err(OidcError::Taken.into());
    }
    let site = json!({"issuer": stranger.issuer});
    audit::record(ctx, &mut tx, "users.oidc_linked", "user", Some(user_id.uuid()), &site).await?;
    let notice = Notice::AccountLinked { site: settings.name.clone() };
    second_factor::notify(ctx, app, &mut tx, user_id, &notice).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the link away.
///
/// # Errors
/// 403 `reauthentication_required`, 404, 409 `last_way_in` when nothing else opens the account.
pub(super) async fn unlink(ctx: &Ctx, app: &App, settings: &OidcSettings) -> Result<(), Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let issuer = issuer_of(settings);
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    login_methods::lock(&mut tx, user_id).await?;
    if !queries::delete(&mut tx, user_id, &issuer).await? {
        return Err(Problem::not_found());
    }
    if !login_methods::is_any(&mut tx, user_id).await? {
        return Err(Problem::conflict("last_way_in"));
    }
    let site = json!({"issuer": issuer});
    audit::record(ctx, &mut tx, "users.oidc_unlinked", "user", Some(user_id.uuid()), &site).await?;
    let notice = Notice::AccountUnlinked { site: settings.name.clone() };
    second_factor::notify(ctx, app, &mut tx, user_id, &notice).await?;
    tx.commit().await?;
    Ok(())
}
