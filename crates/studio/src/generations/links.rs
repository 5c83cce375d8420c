//! Links to private pictures: signed, for an hour, for their owner.

use std::collections::HashMap;

use kernel::{Ctx, GenerationId};
use platform::Problem;
use platform::storage::StorageKey;

use super::model::{Generation, LINK_LIFETIME, StoredPicture};
use super::queries;
use crate::state::Studio;

/// Signed links to the files of a generation; none while there is no picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    /// The original.
    pub original: Option<String>,
    /// A small picture.
    pub thumbnail: Option<String>,
}

/// How wide a picture in a list is, in pixels.
const THUMBNAIL_PX: i32 = 640;

/// One of the caller's generations that is not deleted.
///
/// # Errors
/// 404 for any other; 401 when nobody is logged in.
pub(crate) async fn find_mine(studio: &Studio, ctx: &Ctx, id: GenerationId) -> Result<Generation, Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = studio.app.db.begin_as(ctx).await?;
    let generation = queries::find(&mut tx, user_id, id).await?;
    tx.commit().await?;
    generation.filter(|generation| generation.deleted_at.is_none()).ok_or_else(Problem::not_found)
}

/// The links of one generation.
///
/// # Errors
/// 503 when database or storage does not answer.
pub(crate) async fn links_of(studio: &Studio, ctx: &Ctx, generation: &Generation) -> Result<Links, Problem> {
    let Some(key) = &generation.storage_key else { return Ok(Links::default()) };
    let thumbnails = thumbnails_of(studio, ctx, &[generation.id]).await?;
    let thumbnail = match thumbnails.get(&generation.id) {
        Some(file) => Some(link(studio, ctx, &file.storage_key).await?),
        None => None,
    };
    Ok(Links { original: Some(link(studio, ctx, key).await?), thumbnail })
}

/// The small picture of each generation that has one.
pub(super) async fn thumbnails_of(
    studio: &Studio,
    ctx: &Ctx,
    ids: &[GenerationId],
) -> Result<HashMap<GenerationId, StoredPicture>, Problem> {
    let mut tx = studio.app.db.begin_as(ctx).await?;
    let found = queries::thumbnails(&mut tx, ids, THUMBNAIL_PX).await?;
    tx.commit().await?;
    Ok(found.into_iter().collect())
}

/// A link that shows a file.
pub(super) async fn link(studio: &Studio, ctx: &Ctx, key: &StorageKey) -> Result<String, Problem> {
    Ok(studio.app.storage.signed_url(ctx, key, LINK_LIFETIME, None).await?)
}
