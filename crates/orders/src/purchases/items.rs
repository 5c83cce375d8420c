//! The items of a buyer's orders with the products that they buy, read as the buyer.

use catalog::gallery::{Card, cards_of};
use catalog::products::{Terms, version_titles};
use kernel::{OrderId, ProductId, ProductVersionId, UserId};
use platform::{DatabaseError, Tx};

use super::model::{Item, ItemRow};
use super::queries;

/// The items of orders, in the order of their ids.
///
/// # Errors
/// When the database does not answer, or a design has no licence.
pub(super) async fn items(tx: &mut Tx, buyer_id: UserId, orders: &[OrderId]) -> Result<Vec<Item>, DatabaseError> {
    let rows = queries::items(tx, buyer_id, orders).await?;
    let products: Vec<ProductId> = rows.iter().map(|row| row.product_id).collect();
    let versions: Vec<ProductVersionId> = rows.iter().map(|row| row.version_id).collect();
    let cards = cards_of(tx, &products).await?;
    let titles = version_titles(tx, &versions).await?;
    let item = |row: ItemRow| {
        let card: Card = cards.iter().find(|card| card.id == row.product_id)?.clone();
        let title = titles.get(&row.version_id).unwrap_or(&card.title).clone();
        let terms = row.license.map_or(card.terms, Terms::Design);
        Some(Item { row, card, title, terms })
    };
    Ok(rows.into_iter().filter_map(item).collect())
}
