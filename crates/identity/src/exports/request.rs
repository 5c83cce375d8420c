//! Somebody wants everything that is held about them.

use kernel::Ctx;
use platform::jobs::{Enqueue, enqueue_with};
use platform::{Problem, Tx, audit};
use serde_json::json;

use super::build::BuildExport;
use super::model::AccountExportId;
use super::queries;
use crate::sessions::require_recent_proof;

/// Asks for the file, in a transaction of the platform. A mail says when it is ready.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `export_in_progress`.
pub async fn request(ctx: &Ctx, tx: &mut Tx) -> Result<AccountExportId, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    require_recent_proof(ctx, tx).await?;
    let id: AccountExportId = ctx.new_id();
    if !queries::insert(tx, id, user.user_id, ctx.now()).await? {
        return Err(Problem::conflict("export_in_progress"));
    }
    let how = Enqueue { owner_id: Some(user.user_id), ..Enqueue::default() };
    enqueue_with(ctx, tx, &BuildExport { export_id: id }, how).await?;
    audit::record(ctx, tx, "users.export", "user", Some(user.user_id.uuid()), &json!({})).await?;
    Ok(id)
}
