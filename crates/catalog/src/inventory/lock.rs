//! Locks the inventory of products.

use std::collections::BTreeMap;

use kernel::ProductId;
use platform::{DatabaseError, Tx};

use super::model::{Inventory, Lineage};
use super::queries;

impl Inventory {
    /// Locks the lineages of products until the transaction ends, in the order of their ids, and reads what is reserved
    /// and sold. Products that do not exist are left out. A publication may move a product to another lineage while we
    /// wait for the lock; then the other one is locked, too.
    ///
    /// # Errors
    /// When the database does not answer, or a design has no licence.
    pub async fn lock(tx: &mut Tx, ids: &[ProductId]) -> Result<Self, DatabaseError> {
        loop {
            let locked = queries::lock_lineages_of(tx, ids).await?;
            let products: BTreeMap<_, _> = queries::stock(tx, ids).await?.into_iter().collect();
            let lineages: BTreeMap<_, Lineage> = queries::lineages(tx, &locked).await?.into_iter().collect();
            if products.values().filter_map(|stock| stock.lineage_id).all(|id| lineages.contains_key(&id)) {
                return Ok(Self { products, lineages, ..Self::default() });
            }
        }
    }
}
