//! Take everything of one seller out of the gallery, because the seller leaves.

use kernel::{Ctx, UserId};
use platform::{App, DatabaseError, Tx, audit};
use serde_json::json;

use super::queries;
use crate::gallery;
use crate::products::lineages::lock_lineage;

/// Pauses every product of the seller that is for sale, in a transaction of the platform. What was bought stays bought.
///
/// # Errors
/// When the database does not answer.
pub async fn withdraw_all(app: &App, ctx: &Ctx, tx: &mut Tx, seller_id: UserId) -> Result<(), DatabaseError> {
    for product in queries::published_by(tx, seller_id).await? {
        // The lineage first, then product and picture: the order in which a sale locks them, too.
        lock_lineage(tx, product.id).await?;
        if !queries::pause_product(ctx, tx, product.id).await? {
            continue;
        }
        if let Some(generation_id) = product.generation_id {
            studio::deletion::mark_unpublished(ctx, tx, generation_id).await?;
        }
        let diff = json!({"because": "the seller leaves"});
        audit::record(ctx, tx, "products.unpublish", "product", Some(product.id.uuid()), &diff).await?;
        gallery::changes(app, tx);
    }
    Ok(())
}
