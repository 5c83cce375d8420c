//! Orders: from the decision to buy to what the buyer owns afterwards.
//!
//! - [`checkout`] makes an order, holds its stock and leads to the payment.
//! - [`stock`] reserves, sells and releases; an exclusive licence of a picture is sold once.
//! - [`settlement`] follows the payment: sale, entitlement, licence and mails in one transaction, or a refund;
//!   `disputes` follows a bank that takes the money back.
//! - [`licences`] writes the licence; [`delivery`] packs it with the picture; [`purchases`] shows it all to the buyer.
//! - `legal` has the pages that the law requires of a shop; `limits` bounds what one person may order in an hour.
//! - `upkeep` closes what nobody paid and repeats what was lost; [`verification`] proves that every sale has its
//!   entitlement and every entitlement its bytes.
//!
//! What always holds: stock is reserved before anybody is asked to pay; a sale, its entitlement, its licence and its mails
//! come into being together; what was sold never changes; an original leaves only by a link signed for its owner.
//!
//! Absent on purpose: carts, reviews and payouts (later), what is offered and shown (catalog), card numbers (payments).

pub mod checkout;
pub mod delivery;
mod disputes;
mod legal;
pub mod licences;
mod limits;
pub mod purchases;
pub mod settlement;
pub(crate) mod state;
pub(crate) mod status;
pub mod stock;
mod upkeep;
pub mod verification;

#[cfg(test)]
mod tests;

pub use disputes::OrderDisputed;
pub use settlement::{LapseOrder, OrderRefunded, SettleOrder};
pub use state::Orders;
pub use status::OrderStatus;
pub use verification::{verify, verify_files};

use axum::Router;
use platform::App;
use platform::jobs::Registry;

/// The pages and the API of orders.
pub fn routes(orders: &Orders) -> Router<App> {
    checkout::routes().merge(purchases::routes()).merge(legal::routes()).with_state(orders.clone())
}

/// The queued work of orders.
pub fn jobs(orders: &Orders) -> Registry {
    settlement::registry(orders).and(delivery::registry()).and(disputes::registry()).and(upkeep::registry(orders))
}

/// The OpenAPI description of orders.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = checkout::openapi();
    document.merge(purchases::openapi());
    document
}
