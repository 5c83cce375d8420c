//! Deleting a picture, and restoring it within a day.

use kernel::{Ctx, GenerationId, UserId};
use platform::jobs::{self, Enqueue};
use platform::{Problem, Tx};

use super::queries;
use super::remove_files::RemoveFiles;
use crate::generations::model::{KeptReason, UNDO_LIFETIME};

/// Hides a picture from its owner's pages at once; its files are removed a day later. Deleting it again changes nothing.
///
/// # Errors
/// 404 for what is not the account's; 409 while it is being made, published, in use or sold.
pub(crate) async fn delete(ctx: &Ctx, tx: &mut Tx, user_id: UserId, id: GenerationId) -> Result<(), Problem> {
    let found = queries::lock(tx, user_id, id).await?.ok_or_else(Problem::not_found)?;
    match found.kept_reason {
        Some(KeptReason::Published) => return Err(Problem::conflict("picture_is_published")),
        Some(KeptReason::Sold) => return Err(Problem::conflict("picture_is_sold")),
        None if found.is_used => return Err(Problem::conflict("picture_is_used")),
        None => {}
    }
    if !found.status.is_final() {
        return Err(Problem::conflict("picture_is_being_made"));
    }
    if found.deleted_at.is_some() {
        return Ok(());
    }
    queries::set_deleted(tx, id, Some(ctx.now()), ctx.now()).await?;
    let how = Enqueue { run_at: Some(ctx.now() + UNDO_LIFETIME), ..Enqueue::default() };
    jobs::enqueue_with(ctx, tx, &RemoveFiles { generation_id: id }, how).await?;
    Ok(())
}

/// Restores a deleted picture. What was not deleted stays as it is.
///
/// # Errors
/// 404 for what is not the account's, or is gone since the day is over.
pub(crate) async fn restore(ctx: &Ctx, tx: &mut Tx, user_id: UserId, id: GenerationId) -> Result<(), Problem> {
    let found = queries::lock(tx, user_id, id).await?.ok_or_else(Problem::not_found)?;
    let Some(deleted_at) = found.deleted_at else { return Ok(()) };
    if found.files_removed_at.is_some() || deleted_at + UNDO_LIFETIME <= ctx.now() {
        return Err(Problem::not_found());
    }
    queries::set_deleted(tx, id, None, ctx.now()).await?;
    Ok(())
}
