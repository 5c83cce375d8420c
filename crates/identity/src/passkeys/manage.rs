//! Passkeys are listed, named and taken away by their owner.

use kernel::{Ctx, SystemReason, UserId};
use platform::{App, Problem, audit};
use serde_json::json;
use sqlx::PgConnection;

use super::model::{NAME_CHARS_MAX, Passkey, PasskeyId};
use super::queries;
use crate::login_methods;
use crate::second_factor::{self, Notice};
use crate::sessions::require_recent_proof;

/// The passkeys of a person, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn list(tx: &mut PgConnection, user_id: UserId) -> Result<Vec<Passkey>, Problem> {
    Ok(queries::list(tx, user_id).await?)
}

/// Gives a passkey another name.
///
/// # Errors
/// 404, 422 with the field `name`.
pub(crate) async fn rename(ctx: &Ctx, app: &App, id: PasskeyId, name: &str) -> Result<(), Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let name = platform::text::clean_line(name, NAME_CHARS_MAX)
        .map_err(|fault| Problem::invalid(vec![platform::FieldProblem::text("name", fault)]))?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    if !queries::rename(&mut tx, user_id, id, &name).await? {
        return Err(Problem::not_found());
    }
    tx.commit().await?;
    Ok(())
}

/// Takes a passkey away.
///
/// # Errors
/// 403 `reauthentication_required`, 404, 409 `last_way_in` when nothing else opens the account.
pub(crate) async fn remove(ctx: &Ctx, app: &App, id: PasskeyId) -> Result<(), Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    login_methods::lock(&mut tx, user_id).await?;
    let name = queries::delete(&mut tx, user_id, id).await?.ok_or_else(Problem::not_found)?;
    if !login_methods::is_any(&mut tx, user_id).await? {
        return Err(Problem::conflict("last_way_in"));
    }
    second_factor::after_removal(&mut tx, user_id).await?;
    audit::record(ctx, &mut tx, "users.passkey_removed", "passkey", Some(id.uuid()), &json!({})).await?;
    second_factor::notify(ctx, app, &mut tx, user_id, &Notice::PasskeyRemoved { name }).await?;
    tx.commit().await?;
    Ok(())
}
