//! Who speaks through a token.

use std::sync::Arc;

use kernel::{AccountStatus, SessionId, UserActor};
use platform::http::{Access, Scope};
use platform::{DatabaseError, Tx};
use time::{Duration, OffsetDateTime};

use super::model::ApiTokenSecret;
use super::queries;

/// The time of last use is written at most this often.
const TOUCH_EVERY: Duration = Duration::minutes(5);

/// The person behind a token and what it may do; nothing when it has ended.
pub(crate) async fn find(
    tx: &mut Tx,
    secret: &ApiTokenSecret,
    now: OffsetDateTime,
) -> Result<Option<(UserActor, Access)>, DatabaseError> {
    let Some(found) = queries::find(tx, &secret.hash(), now).await? else { return Ok(None) };
    if found.last_used_at.is_none_or(|at| at < now - TOUCH_EVERY) {
        queries::touch(tx, found.id, now).await?;
    }
    let scopes: Arc<[Scope]> = found.scopes.iter().filter_map(|scope| Scope::parse(scope)).collect();
    let user = UserActor {
        user_id: found.user_id,
        session_id: SessionId(found.id.uuid()),
        role: found.role,
        status: if found.is_banned { AccountStatus::Banned } else { AccountStatus::Active },
        display_name: found.display_name,
    };
    Ok(Some((
        user,
        Access { scopes: Some(scopes), is_address_verified: found.is_address_verified, has_second_factor: false },
    )))
}
