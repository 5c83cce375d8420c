//! What follows every change of the second factors.

use kernel::{Ctx, SystemReason, UserActor, UserId};
use platform::{App, DatabaseError, Problem, Tx, audit};
use serde_json::json;

use super::notices::{Notice, notify};
use super::queries::{self, factors};
use super::recovery_codes::NewCodes;
use crate::sessions::lifecycle::record_proof;
use crate::sessions::model::{Factor, SessionKind, StartedSession};
use crate::sessions::proof::require_recent_proof;

/// The result of adding a factor.
pub(crate) struct FactorAdded {
    /// The cookie session with its new secret.
    pub(crate) session: Option<StartedSession>,
    /// New recovery codes, to be shown once; empty when the account has some.
    pub(crate) codes: Vec<String>,
}

/// Ends the open challenges of the account, stores new recovery codes and records the new factor as a proof of identity.
///
/// # Errors
/// When the database fails.
pub(crate) async fn after_adding(
    ctx: &Ctx,
    tx: &mut Tx,
    user: &UserActor,
    kind: SessionKind,
    factor: Factor,
    new_codes: Option<NewCodes>,
) -> Result<FactorAdded, DatabaseError> {
    let codes = match new_codes {
        Some(new_codes) => new_codes.store(ctx, tx, user.user_id).await?,
        None => Vec::new(),
    };
    queries::delete_challenges(tx, user.user_id).await?;
    let session = record_proof(ctx, tx, user.session_id, kind, factor).await?;
    Ok(FactorAdded { session, codes })
}

/// Ends the open challenges of the account and, after the last factor, deletes the recovery codes.
///
/// # Errors
/// When the database fails.
pub(crate) async fn after_removing(tx: &mut Tx, user_id: UserId) -> Result<(), DatabaseError> {
    queries::delete_challenges(tx, user_id).await?;
    if !factors(tx, user_id).await?.is_on() {
        queries::delete_recovery_codes(tx, user_id).await?;
    }
    Ok(())
}

/// Draws ten new recovery codes in place of the old ones; returns them, to be shown once.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `second_factor_is_off`, 503.
pub(super) async fn renew_recovery_codes(ctx: &Ctx, app: &App) -> Result<Vec<String>, Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let is_on = factors(&mut tx, user_id).await?.is_on();
    tx.commit().await?;
    if !is_on {
        return Err(Problem::conflict("second_factor_is_off"));
    }
    let new_codes = NewCodes::draw(ctx.random()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let codes = new_codes.store(ctx, &mut tx, user_id).await?;
    audit::record(ctx, &mut tx, "users.recovery_codes_renewed", "user", Some(user_id.uuid()), &json!({})).await?;
    notify(ctx, app, &mut tx, user_id, &Notice::RecoveryCodesRenewed).await?;
    tx.commit().await?;
    Ok(codes)
}
