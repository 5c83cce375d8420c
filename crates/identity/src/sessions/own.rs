//! What an account sees and ends of its own sessions.

use kernel::{Ctx, SessionId, UserId};
use platform::{DatabaseError, Problem, Tx};
use time::OffsetDateTime;

use super::model::{IDLE_LIFETIME, OwnSession};
use super::queries;

/// The valid sessions of an account, the last used first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn list_own_sessions(
    tx: &mut Tx,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<Vec<OwnSession>, DatabaseError> {
    queries::list(tx, user_id, now, now - IDLE_LIFETIME).await
}

/// Ends one session of an account, in a transaction of the platform.
///
/// # Errors
/// 404 when the account has no such session.
pub(crate) async fn end_own_session(ctx: &Ctx, tx: &mut Tx, user_id: UserId, id: SessionId) -> Result<(), Problem> {
    if queries::revoke_own(tx, user_id, id, ctx.now()).await? { Ok(()) } else { Err(Problem::not_found()) }
}
