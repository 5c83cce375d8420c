//! Deletes uploads that nothing uses.

use kernel::{Ctx, UserId};
use platform::jobs::{self, Enqueue};
use platform::{DatabaseError, Problem, Tx, audit};
use serde_json::json;

use super::jobs::RemoveUploads;
use super::model::UploadId;
use super::queries;
use crate::asset_uses::model::Asset;
use crate::asset_uses::queries::uses_of;

/// Deletes an upload: it cannot be found any more, and a job removes its file.
///
/// # Errors
/// 404 for what is not the account's; 409 with what uses it, as long as anything does.
pub(super) async fn delete(ctx: &Ctx, tx: &mut Tx, user_id: UserId, id: UploadId) -> Result<(), Problem> {
    if !queries::lock_to_delete(tx, user_id, id).await? {
        return Err(Problem::not_found());
    }
    let uses = uses_of(tx, Asset::Upload(id)).await?;
    if let Some(first) = uses.first() {
        let users = serde_json::to_value(&uses).map_err(Problem::internal)?;
        return Err(Problem::conflict("upload_in_use")
            .with("kind", first.kind.as_str())
            .with("count", uses.len())
            .member("usedBy", users));
    }
    queries::set_deleting(tx, id, ctx.now()).await?;
    audit::record(ctx, tx, "uploads.delete", "upload", Some(id.uuid()), &json!({})).await?;
    remove_soon(ctx, tx).await?;
    Ok(())
}

/// Deletes all uploads of somebody who leaves, used or not.
///
/// # Errors
/// When the database does not answer.
pub async fn erase_all(ctx: &Ctx, tx: &mut Tx, user_id: UserId) -> Result<(), DatabaseError> {
    if queries::set_all_deleting(tx, user_id, ctx.now()).await? > 0 {
        remove_soon(ctx, tx).await?;
    }
    Ok(())
}

async fn remove_soon(ctx: &Ctx, tx: &mut Tx) -> Result<(), DatabaseError> {
    jobs::enqueue_with(ctx, tx, &RemoveUploads {}, Enqueue::default()).await?;
    Ok(())
}
