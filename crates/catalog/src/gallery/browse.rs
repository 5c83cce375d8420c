//! Reads cards and products with the names of their sellers, as whoever looks may see them.

use std::collections::BTreeSet;

use identity::users::display_names;
use kernel::{Locale, PageRequest, ProductId, UserId};
use platform::{DatabaseError, Tx};

use super::model::{Card, GalleryFilter};
use super::product::Product;
use super::queries;

/// A page of what is for sale, newest first.
pub(super) async fn browse(
    tx: &mut Tx,
    filter: &GalleryFilter,
    request: &PageRequest,
) -> Result<Vec<Card>, DatabaseError> {
    let cards = queries::browse(tx, filter, request).await?;
    named(tx, cards).await
}

/// A page of what one person has published, newest first; without `but`.
pub(super) async fn of_seller(
    tx: &mut Tx,
    seller_id: UserId,
    but: Option<ProductId>,
    request: &PageRequest,
) -> Result<Vec<Card>, DatabaseError> {
    let cards = queries::of_seller(tx, seller_id, but, request).await?;
    named(tx, cards).await
}

/// The cards of products, in no order; those that whoever asks may not see are left out.
///
/// # Errors
/// When the database does not answer, or a design has no licence.
pub async fn cards_of(tx: &mut Tx, ids: &[ProductId]) -> Result<Vec<Card>, DatabaseError> {
    let cards = queries::cards_of(tx, ids).await?;
    named(tx, cards).await
}

/// A product by its address or id, in the reader's language where the seller has translated it, as far as whoever looks
/// may see it.
///
/// # Errors
/// When the database does not answer, or a design has no licence.
pub async fn find_product(tx: &mut Tx, key: &str, locale: Locale) -> Result<Option<Product>, DatabaseError> {
    let Some(card) = queries::card_by_key(tx, key).await? else { return Ok(None) };
    let Some(card) = named(tx, vec![card]).await?.pop() else { return Ok(None) };
    queries::product(tx, card, locale).await
}

/// Fills in the sellers' names.
async fn named(tx: &mut Tx, mut cards: Vec<Card>) -> Result<Vec<Card>, DatabaseError> {
    let sellers: BTreeSet<UserId> = cards.iter().map(|card| card.seller_id).collect();
    if sellers.is_empty() {
        return Ok(cards);
    }
    let names = display_names(tx, &sellers.into_iter().collect::<Vec<_>>()).await?;
    for card in &mut cards {
        card.seller_name = names.get(&card.seller_id).cloned().unwrap_or_default();
    }
    Ok(cards)
}
