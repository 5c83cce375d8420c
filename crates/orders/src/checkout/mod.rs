//! Checkout: an order, its stock, and the way to the payment.

mod api;
pub(crate) mod model;
mod pages;
pub(crate) mod place_order;
pub(crate) mod queries;
mod redirects;

pub use model::{CheckoutError, OrderStatus, PlacedOrder};
pub use place_order::{ReturnAddresses, place_order};
pub use redirects::return_url;

use axum::Router;
use axum::routing::{get, post};
use platform::App;

use crate::Orders;

pub(crate) fn routes(orders: &Orders) -> Router<App> {
    Router::new()
        .route("/api/checkout", post(api::checkout))
        .route("/d/{key}/buy", get(pages::confirm).post(pages::buy))
        .layer(axum::Extension(orders.clone()))
}

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
