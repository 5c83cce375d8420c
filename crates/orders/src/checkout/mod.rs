//! Checkout: an order, its reserved stock, and the way to the payment.

mod api;
pub(crate) mod model;
mod pages;
pub(crate) mod place_order;
pub(crate) mod queries;
pub(crate) mod redirects;

pub use model::{CheckoutError, PlacedOrder, PurchaseRequest};
pub use place_order::{ReturnAddresses, place_order};
pub use redirects::return_url;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Orders;

pub(crate) fn routes() -> Router<Orders> {
    Router::new()
        .route("/api/checkout", post(api::checkout))
        .route("/d/{key}/buy", get(pages::confirm).post(pages::buy))
}

/// The OpenAPI description of checkout.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Documented as utoipa::OpenApi>::openapi()
}
