//! Take a picture out of the gallery.

use kernel::{Ctx, GenerationId, SystemReason, UserActor};
use platform::{App, Problem, audit};
use serde_json::json;

use super::queries;
use crate::gallery;
use crate::products::ProductStatus;
use crate::products::lineages::lock_lineage;

/// Pauses the product of one of the seller's pictures. Asked again, nothing more happens. What was bought stays bought.
///
/// # Errors
/// 404 for a picture that is not the seller's.
pub async fn unpublish(app: &App, ctx: &Ctx, seller: &UserActor, generation_id: GenerationId) -> Result<(), Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    queries::picture(&mut tx, seller.user_id, generation_id).await?.ok_or_else(Problem::not_found)?;
    if let Some(product) = queries::product_of_picture(&mut tx, seller.user_id, generation_id).await? {
        // The lineage first, then product and picture: the order in which a sale locks them, too.
        lock_lineage(&mut tx, product.id).await?;
    }
    let product = queries::product_of_picture(&mut tx, seller.user_id, generation_id).await?;
    if let Some(product) =
        product.filter(|product| matches!(product.status, ProductStatus::Active | ProductStatus::SoldOut))
        && queries::pause_product(ctx, &mut tx, product.id).await?
    {
        studio::deletion::mark_unpublished(ctx, &mut tx, generation_id).await?;
        let diff = json!({"generationId": generation_id});
        gallery::changes(app, &mut tx);
        audit::record(ctx, &mut tx, "products.unpublish", "product", Some(product.id.uuid()), &diff).await?;
    }
    tx.commit().await?;
    Ok(())
}
