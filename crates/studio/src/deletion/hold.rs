//! What others say about a picture: it is on show, it no longer is, it has been sold, a page uses it.

use kernel::{Ctx, GenerationId, UserId};
use platform::storage::StorageKey;
use platform::{DatabaseError, Tx};

use super::queries;
use crate::generations::{self, Generation, GenerationStatus, StoredPicture};

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
    let generation = generations::queries::find(tx, user_id, id).await?;
    let file = generations::queries::files(tx, id).await?.into_iter().next();
    Ok(generation.zip(file).map(|(generation, file)| Original { generation, file }))
}

/// The picture is on show with this preview, and may not be deleted. Call after [`lock_original`].
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

/// The picture is no longer on show; unless it was sold, it may be deleted again.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_unpublished(ctx: &Ctx, tx: &mut Tx, id: GenerationId) -> Result<(), DatabaseError> {
    queries::set_unpublished(tx, id, ctx.now()).await
}

/// Somebody has bought the picture: it is kept for ever.
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

/// Nothing uses the picture any more. Whoever says so knows of every use.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_unused(ctx: &Ctx, tx: &mut Tx, id: GenerationId) -> Result<bool, DatabaseError> {
    queries::set_used(tx, id, false, ctx.now()).await
}
