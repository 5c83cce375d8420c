//! Renames and removes passkeys.

use kernel::{Ctx, SystemReason};
use platform::{App, FieldProblem, Problem, audit};
use serde_json::json;

use super::model::{NAME_CHARS_MAX, PasskeyId};
use super::queries;
use crate::login_methods::queries::{has_login_method, lock_login_methods};
use crate::second_factor::change::after_removing;
use crate::second_factor::notices::{Notice, notify};
use crate::sessions::proof::require_recent_proof;

/// Renames a passkey of the actor.
///
/// # Errors
/// 404, 422 with the field `name`.
pub(super) async fn rename_passkey(ctx: &Ctx, app: &App, id: PasskeyId, name: &str) -> Result<(), Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let name = platform::text::clean_line(name, NAME_CHARS_MAX)
        .map_err(|error| Problem::invalid(vec![FieldProblem::text("name", error)]))?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    if !queries::rename(&mut tx, user_id, id, &name).await? {
        return Err(Problem::not_found());
    }
    tx.commit().await?;
    Ok(())
}

/// Removes a passkey of the actor.
///
/// # Errors
/// 403 `reauthentication_required`, 404, 409 `last_login_method` when the account has no other login method.
pub(super) async fn remove_passkey(ctx: &Ctx, app: &App, id: PasskeyId) -> Result<(), Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    lock_login_methods(&mut tx, user_id).await?;
    let name = queries::delete(&mut tx, user_id, id).await?.ok_or_else(Problem::not_found)?;
    if !has_login_method(&mut tx, user_id).await? {
        return Err(Problem::conflict("last_login_method"));
    }
    after_removing(&mut tx, user_id).await?;
    audit::record(ctx, &mut tx, "users.passkey_removed", "passkey", Some(id.uuid()), &json!({})).await?;
    notify(ctx, app, &mut tx, user_id, &Notice::PasskeyRemoved { name }).await?;
    tx.commit().await?;
    Ok(())
}
