//! Creates and revokes API tokens.

use kernel::{Ctx, SystemReason};
use platform::{App, Problem, audit};
use serde_json::json;
use time::Duration;

use super::model::{ApiToken, ApiTokenId, ApiTokenSecret, NewApiToken, TOKENS_MAX};
use super::queries;
use crate::sessions::proof::require_recent_proof;

/// Creates a token for the actor. Its secret is known only now.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `too_many_tokens`.
pub(super) async fn create_api_token(
    ctx: &Ctx,
    app: &App,
    new: NewApiToken,
) -> Result<(ApiToken, ApiTokenSecret), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let (id, secret): (ApiTokenId, _) = (ctx.new_id(), ApiTokenSecret::generate(ctx.random()));
    let scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    let row = queries::NewRow {
        id,
        user_id: user.user_id,
        name: &new.name,
        token_hash: &secret.hash(),
        ending: secret.ending(),
        scopes: &scopes,
        now: ctx.now(),
        expires_at: ctx.now() + Duration::days(new.days),
        max: TOKENS_MAX,
    };
    if !queries::insert(&mut tx, &row).await? {
        return Err(Problem::conflict("too_many_tokens"));
    }
    audit::record(ctx, &mut tx, "api_tokens.create", "api_token", Some(id.uuid()), &json!({"scopes": scopes})).await?;
    tx.commit().await?;
    let token = ApiToken {
        id,
        ending: secret.ending().to_owned(),
        scopes: new.scopes,
        created_at: row.now,
        expires_at: row.expires_at,
        last_used_at: None,
        name: new.name,
    };
    Ok((token, secret))
}

/// Revokes a token of the actor. Needs no recent proof, because a revocation is always safe.
///
/// # Errors
/// 404 when the account has no such token.
pub(super) async fn revoke_api_token(ctx: &Ctx, app: &App, id: ApiTokenId) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    if !queries::revoke(&mut tx, user.user_id, id, ctx.now()).await? {
        return Err(Problem::not_found());
    }
    audit::record(ctx, &mut tx, "api_tokens.revoke", "api_token", Some(id.uuid()), &json!({})).await?;
    Ok(tx.commit().await?)
}
