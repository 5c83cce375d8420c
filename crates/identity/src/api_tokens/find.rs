//! Resolves the account and the access of an API token.

use std::sync::Arc;

use kernel::{SessionId, UserActor};
use platform::http::{Access, Scope};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use super::model::ApiTokenSecret;
use super::queries;
use crate::sessions::model::TOUCH_INTERVAL;
use crate::users::model::actor;

/// The account of a token and what the token may do; `None` when it is not valid.
pub(crate) async fn find_api_token(
    tx: &mut Tx,
    secret: &ApiTokenSecret,
    now: OffsetDateTime,
) -> Result<Option<(UserActor, Access)>, DatabaseError> {
    let Some(found) = queries::find(tx, &secret.hash(), now).await? else { return Ok(None) };
    if found.last_used_at.is_none_or(|at| at < now - TOUCH_INTERVAL) {
        queries::touch(tx, found.id, now).await?;
    }
    let scopes: Arc<[Scope]> = found.scopes.iter().filter_map(|scope| Scope::parse(scope)).collect();
    let access =
        Access { scopes: Some(scopes), is_address_verified: found.is_address_verified, has_second_factor: false };
    let session_id = SessionId(found.id.uuid());
    Ok(Some((actor(found.user_id, session_id, found.role, found.is_banned, found.display_name), access)))
}
