//! What every change of the factors brings with it.

use kernel::{Ctx, SystemReason, UserActor, UserId};
use platform::{App, DatabaseError, Problem, Tx, audit};
use serde_json::json;

use super::notices::{Notice, notify};
use super::recovery_codes::{self, FreshCodes};
use super::{factors, queries};
use crate::sessions::{self, Factor, SessionKind, StartedSession, require_recent_proof};

/// What is left after a factor was set up.
pub(crate) struct Renewed {
    /// The session with its new secret, when it travels in a cookie.
    pub(crate) session: Option<StartedSession>,
    /// Recovery codes to be shown once; none when the account has some.
    pub(crate) codes: Vec<String>,
}

/// Notes the new proof on the session. A cookie's secret is changed with it; a program's stays, since it cannot have been
/// planted. Log-ins that wait for a second proof begin anew.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn renew(
    ctx: &Ctx,
    tx: &mut Tx,
    user: &UserActor,
    kind: SessionKind,
    proof: Factor,
) -> Result<Option<StartedSession>, DatabaseError> {
    queries::end_all(tx, user.user_id).await?;
    match kind {
        SessionKind::Cookie => sessions::rotate(ctx, tx, user.session_id, Some(proof)).await,
        SessionKind::Bearer => sessions::note_proof(ctx, tx, user.session_id, proof).await.map(|()| None),
    }
}

/// After the last factor went, its recovery codes go too; log-ins that wait for a second proof begin anew.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn after_removal(tx: &mut Tx, user_id: UserId) -> Result<(), DatabaseError> {
    queries::end_all(tx, user_id).await?;
    if !factors(tx, user_id).await?.is_on() {
        recovery_codes::delete_all(tx, user_id).await?;
    }
    Ok(())
}

/// Draws ten new recovery codes in place of the old ones; answers them, to be shown once.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `second_factor_is_off`, 503.
pub(crate) async fn renew_recovery_codes(ctx: &Ctx, app: &App) -> Result<Vec<String>, Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let is_on = factors(&mut tx, user_id).await?.is_on();
    tx.commit().await?;
    if !is_on {
        return Err(Problem::conflict("second_factor_is_off"));
    }
    let fresh = FreshCodes::draw(ctx.random()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let codes = fresh.keep(ctx, &mut tx, user_id).await?;
    audit::record(ctx, &mut tx, "users.recovery_codes_renewed", "user", Some(user_id.uuid()), &json!({})).await?;
    notify(ctx, app, &mut tx, user_id, &Notice::RecoveryCodesRenewed).await?;
    tx.commit().await?;
    Ok(codes)
}
