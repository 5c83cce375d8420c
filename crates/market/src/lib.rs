//! The market: what may be bought, and what a buyer owns afterwards.
//!
//! - [`products`] says what a product is, what its licence allows, and which pictures are the same picture.
//! - [`publishing`] puts a picture into the gallery and takes it out again.
//! - [`gallery`] shows what is for sale: pages of any depth, products, sellers, the front door; `views` counts who looks.
//! - [`checkout`] makes an order, holds its stock and leads to the payment.
//! - [`stock`] holds, sells and releases; an exclusive licence of a picture is sold once.
//! - [`settlement`] follows the payment: sale, entitlement, licence and mails in one transaction, or a refund;
//!   `disputes` follows a bank that takes the money back.
//! - [`licences`] writes the paper; [`delivery`] packs it with the picture; [`orders`] shows it all to the buyer.
//! - `legal` says who runs the platform and on which terms; `limits` keeps one person from crowding out the others.
//! - [`verification`] proves that every sale has its entitlement and every entitlement its bytes.
//!
//! What always holds: stock is held before anybody is asked to pay; a sale, its entitlement, its licence and its mails
//! come into being together; what was sold never changes; an original leaves only by a link signed for its owner.
//!
//! Absent on purpose: carts, reviews and payouts (later), search and rankings (discovery), card numbers (payments).

pub mod checkout;
pub mod delivery;
mod disputes;
pub mod gallery;
mod legal;
pub mod licences;
mod limits;
pub mod orders;
pub mod products;
pub mod publishing;
pub mod settlement;
mod state;
pub mod stock;
mod upkeep;
pub mod verification;
mod views;

#[cfg(test)]
mod tests;

pub use disputes::OrderDisputed;
pub use settlement::jobs::{LapseOrder, OrderRefunded, SettleOrder};
pub use state::Market;
pub use verification::{verify, verify_files};

use axum::Router;
use platform::App;
use platform::jobs::Registry;

/// The pages and the API of the market.
pub fn routes(market: &Market) -> Router<App> {
    Router::new()
        .merge(publishing::routes(market))
        .merge(gallery::routes(market))
        .merge(checkout::routes(market))
        .merge(orders::routes(market))
        .merge(legal::routes(market))
}

/// The queued work of the market.
pub fn jobs(market: &Market) -> Registry {
    publishing::jobs()
        .and(settlement::registry(market))
        .and(delivery::registry())
        .and(disputes::registry())
        .and(upkeep::registry(market))
}

/// What the market says of its API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = publishing::openapi();
    document.merge(gallery::openapi());
    document.merge(checkout::openapi());
    document.merge(orders::openapi());
    document
}
