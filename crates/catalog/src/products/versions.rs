//! Offers and published versions, as those who sell and deliver them see them.

use kernel::{ProductId, ProductVersionId, UserId, Yen};

use super::model::ProductStatus;
use super::terms::{Fulfilment, Terms};

/// A product as it is offered now.
#[derive(Clone, Debug)]
pub struct CurrentOffer {
    /// The product.
    pub product_id: ProductId,
    /// Who sells it.
    pub seller_id: UserId,
    /// Its title.
    pub title: String,
    /// The price; zero is free.
    pub price: Yen,
    /// The state of the listing.
    pub status: ProductStatus,
    /// Whether it is in the gallery.
    pub listed: bool,
    /// The version that a buyer gets.
    pub version_id: ProductVersionId,
    /// The licence.
    pub terms: Terms,
    /// The seller's share of the price, in basis points.
    pub seller_share_basis_points: i32,
}

/// A version as it was frozen when it was published.
#[derive(Clone, Debug)]
pub struct SoldVersion {
    /// The version.
    pub id: ProductVersionId,
    /// Its product.
    pub product_id: ProductId,
    /// The address of the product: `/d/{slug}`.
    pub slug: String,
    /// The title at that time.
    pub title: String,
    /// The model or program that made it.
    pub made_with: String,
    /// The licence at that time.
    pub terms: Terms,
    /// The edition of the licence's text.
    pub terms_edition: String,
    /// What its buyer is given.
    pub fulfilment: Fulfilment,
}
