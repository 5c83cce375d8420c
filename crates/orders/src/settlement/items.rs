//! The items of an order with what they buy.

use catalog::products::sold_versions;
use kernel::{OrderId, OrderItemId, ProductVersionId};
use platform::{DatabaseError, Tx};

use super::model::Item;
use super::queries;

/// The items of an order, in the order of their ids, with the versions that they buy.
///
/// # Errors
/// When the database does not answer, or a version has no licence or nothing to deliver.
pub(super) async fn items(tx: &mut Tx, order_id: OrderId) -> Result<Vec<Item>, DatabaseError> {
    let rows = queries::items(tx, order_id).await?;
    let ids: Vec<ProductVersionId> = rows.iter().map(|row| row.version_id).collect();
    let versions = sold_versions(tx, &ids).await?;
    let with_version = |row: super::model::ItemRow| {
        let version = versions.iter().find(|version| version.id == row.version_id).cloned();
        version.map(|version| Item { row, version }).ok_or(DatabaseError::RowNotFound)
    };
    rows.into_iter().map(with_version).collect()
}

/// The ids of the items of an order.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn item_ids(tx: &mut Tx, order_id: OrderId) -> Result<Vec<OrderItemId>, DatabaseError> {
    Ok(queries::items(tx, order_id).await?.into_iter().map(|row| row.id).collect())
}
