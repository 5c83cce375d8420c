//! Withdraw everything that one seller has published, because the account is deleted.

use kernel::{Ctx, ProductId, UserId};
use platform::{App, DatabaseError, Tx, audit};
use serde_json::json;

use super::queries;
use crate::gallery::cache;
use crate::inventory::model::Inventory;

/// Pauses every product of the seller that is for sale, in a transaction of the platform. What was bought stays bought.
///
/// # Errors
/// When the database does not answer.
pub async fn withdraw_all(app: &App, ctx: &Ctx, tx: &mut Tx, seller_id: UserId) -> Result<(), DatabaseError> {
    let products = queries::published_by(tx, seller_id).await?;
    let ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
    // The lineages first, then products and pictures: the order in which a sale locks them, too.
    let _locked = Inventory::lock(tx, &ids).await?;
    for product in products {
        if !queries::pause_product(ctx, tx, product.id).await? {
            continue;
        }
        if let Some(generation_id) = product.generation_id {
            studio::deletion::mark_unpublished(ctx, tx, generation_id).await?;
        }
        let diff = json!({"because": "the account of the seller is deleted"});
        audit::record(ctx, tx, "products.unpublish", "product", Some(product.id.uuid()), &diff).await?;
        cache::forget(app, tx);
    }
    Ok(())
}
