//! Tokens are made and ended.

use kernel::{Ctx, UserId};
use platform::{DatabaseError, Problem, Tx, audit};
use serde_json::json;
use time::Duration;

use super::model::{ApiToken, ApiTokenId, ApiTokenSecret, NewApiToken, TOKENS_MAX};
use super::queries;
use crate::sessions::require_recent_proof;

/// Makes a token for whoever acts, in a transaction of the platform. Its secret is known only now.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `too_many_tokens`.
pub async fn make(ctx: &Ctx, tx: &mut Tx, new: NewApiToken) -> Result<(ApiToken, ApiTokenSecret), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    require_recent_proof(ctx, tx).await?;
    let (id, secret): (ApiTokenId, _) = (ctx.new_id(), ApiTokenSecret::generate(ctx.random()));
    let names: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    let row = queries::NewRow {
        id,
        user_id: user.user_id,
        name: &new.name,
        token_hash: &secret.hash(),
        ending: secret.ending(),
        scopes: &names,
        now: ctx.now(),
        expires_at: ctx.now() + Duration::days(new.days),
        max: TOKENS_MAX,
    };
    if !queries::insert(tx, &row).await? {
        return Err(Problem::conflict("too_many_tokens"));
    }
    audit::record(ctx, tx, "api_tokens.make", "api_token", Some(id.uuid()), &json!({"scopes": names})).await?;
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

/// Ends a token of whoever acts, in a transaction of the platform. Needs no new proof: to end one is always safe.
///
/// # Errors
/// 404 when there is none.
pub async fn revoke(ctx: &Ctx, tx: &mut Tx, id: ApiTokenId) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    if !queries::revoke(tx, user.user_id, id, ctx.now()).await? {
        return Err(Problem::not_found());
    }
    audit::record(ctx, tx, "api_tokens.revoke", "api_token", Some(id.uuid()), &json!({})).await?;
    Ok(())
}

/// Ends every token of a person, in a transaction of the platform.
pub(crate) async fn revoke_all(ctx: &Ctx, tx: &mut Tx, user_id: UserId) -> Result<(), DatabaseError> {
    queries::revoke_all(tx, user_id, ctx.now()).await
}
