//! Requires that the actor has proved its identity recently.

use http::StatusCode;
use kernel::Ctx;
use platform::{Problem, Tx};

use super::model::PROOF_LIFETIME;
use super::queries;

/// Refuses an actor whose session was authenticated more than [`PROOF_LIFETIME`] ago, and every API token and Supabase
/// token, which are no proof of identity. Works in a transaction of the platform or of the actor.
///
/// # Errors
/// 403 `reauthentication_required` (pages then show `/account/confirm`), 401 when nobody is logged in.
pub(crate) async fn require_recent_proof(ctx: &Ctx, tx: &mut Tx) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let authenticated_at = queries::authenticated_at(tx, user.session_id).await?;
    if authenticated_at.is_some_and(|at| ctx.now() - at <= PROOF_LIFETIME) {
        Ok(())
    } else {
        Err(Problem::new(StatusCode::FORBIDDEN, "reauthentication_required"))
    }
}
