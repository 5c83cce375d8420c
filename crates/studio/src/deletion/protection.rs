//! What protects a picture from deletion and expiry: it is published, was sold, or is in use.

use kernel::{Ctx, GenerationId, UserId};
use platform::storage::StorageKey;
use platform::{DatabaseError, Tx};

use super::queries;
use crate::generations::model::{Generation, GenerationStatus, StoredPicture};
use crate::generations::queries as generations;
use crate::generations::spec::Retention;
use crate::retention::model::expiry_of;

/// A finished picture with the facts of its original file.
#[derive(Clone, Debug)]
pub struct Original {
    /// The generation.
    pub generation: Generation,
    /// The stored file: key, checksum, size, type.
    pub file: StoredPicture,
}

/// Locks one of the account's pictures until the transaction ends. Nothing when there is none, it is not finished, or
/// it was deleted.
///
/// # Errors
/// When the database does not answer.
pub async fn lock_original(tx: &mut Tx, user_id: UserId, id: GenerationId) -> Result<Option<Original>, DatabaseError> {
    let Some(found) = queries::lock(tx, user_id, id).await? else { return Ok(None) };
    if found.status != GenerationStatus::Completed || found.deleted_at.is_some() {
        return Ok(None);
    }
    let generation = generations::find(tx, user_id, id).await?;
    let file = generations::files(tx, id).await?.into_iter().next();
    Ok(generation.zip(file).map(|(generation, file)| Original { generation, file }))
}

/// Marks a picture as published with this preview: it may not be deleted. Call after [`lock_original`].
///
/// # Errors
/// When the database does not answer.
pub async fn mark_published(
    ctx: &Ctx,
    tx: &mut Tx,
    id: GenerationId,
    preview: &StorageKey,
) -> Result<(), DatabaseError> {
    queries::set_published(tx, id, preview.as_str(), ctx.now()).await
}

/// Marks a picture as no longer published; unless it was sold, it may be deleted and expires under its owner's plan.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_unpublished(ctx: &Ctx, tx: &mut Tx, id: GenerationId) -> Result<(), DatabaseError> {
    queries::set_unpublished(tx, id, ctx.now()).await?;
    restart_expiry(ctx, tx, id).await
}

/// Marks a picture as sold: it never expires and may not be deleted.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_sold(ctx: &Ctx, tx: &mut Tx, id: GenerationId) -> Result<(), DatabaseError> {
    queries::set_sold(tx, id, ctx.now()).await
}

/// Something of its owner's that others see, such as a page, uses the picture: it is kept and may not be deleted until
/// [`mark_unused`]. Call after [`lock_original`]. Saying it again changes nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_used(ctx: &Ctx, tx: &mut Tx, id: GenerationId) -> Result<bool, DatabaseError> {
    queries::set_used(tx, id, true, ctx.now()).await
}

/// Marks a picture as no longer in use. The caller knows of every use.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_unused(ctx: &Ctx, tx: &mut Tx, id: GenerationId) -> Result<bool, DatabaseError> {
    let was_there = queries::set_used(tx, id, false, ctx.now()).await?;
    restart_expiry(ctx, tx, id).await?;
    Ok(was_there)
}

/// Counts the days of the owner's plan from now, never to an earlier moment than before: nothing expires the moment that
/// its protection ends.
async fn restart_expiry(ctx: &Ctx, tx: &mut Tx, id: GenerationId) -> Result<(), DatabaseError> {
    let Some(user_id) = queries::owner(tx, id).await? else { return Ok(()) };
    match expiry_of(tx, user_id, Retention::Plan, ctx.now()).await? {
        Some(until) => queries::keep_until(tx, id, until).await,
        None => Ok(()),
    }
}
