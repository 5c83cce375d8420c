//! Withdraw a picture from the gallery.

use kernel::{Ctx, GenerationId, SystemReason, UserActor};
use platform::{App, Problem, audit};
use serde_json::json;
use studio::generations::picture_to_publish;

use super::queries;
use crate::gallery::cache;
use crate::inventory::model::Inventory;
use crate::products::model::ProductStatus;

/// Pauses the product of one of the seller's pictures. Repeated, it does nothing more. What was bought stays bought.
///
/// # Errors
/// 404 for a picture that is not the seller's.
pub async fn unpublish(app: &App, ctx: &Ctx, seller: &UserActor, generation_id: GenerationId) -> Result<(), Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    picture_to_publish(&mut tx, seller.user_id, generation_id).await?.ok_or_else(Problem::not_found)?;
    if let Some(product) = queries::product_of_picture(&mut tx, seller.user_id, generation_id).await? {
        // The lineage first, then product and picture: the order in which a sale locks them, too.
        let _locked = Inventory::lock(&mut tx, &[product.id]).await?;
    }
    let product = queries::product_of_picture(&mut tx, seller.user_id, generation_id).await?;
    if let Some(product) =
        product.filter(|product| matches!(product.status, ProductStatus::Active | ProductStatus::SoldOut))
        && queries::pause_product(ctx, &mut tx, product.id).await?
    {
        studio::deletion::mark_unpublished(ctx, &mut tx, generation_id).await?;
        let diff = json!({"generationId": generation_id});
        cache::forget(app, &mut tx);
        audit::record(ctx, &mut tx, "products.unpublish", "product", Some(product.id.uuid()), &diff).await?;
    }
    tx.commit().await?;
    Ok(())
}
