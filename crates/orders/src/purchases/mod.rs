//! What a buyer sees of orders: their state, their licences, their downloads, their receipts.
//!
//! Everything is read as the buyer, under row level security: another person's order is one that does not exist.

mod api;
mod cancel;
mod download;
mod model;
mod ownership;
mod pages;
mod queries;
mod receipt;

pub use cancel::cancel_order;
pub use ownership::find_purchase;

use axum::Router;
use axum::routing::{get, post};
use platform::App;

use crate::Orders;

pub(crate) fn routes(orders: &Orders) -> Router<App> {
    Router::new()
        .route("/api/orders", get(api::orders))
        .route("/api/orders/{id}", get(api::order))
        .route("/api/orders/{id}/cancel", post(api::cancel))
        .route("/api/entitlements", get(api::entitlements))
        .route("/api/entitlements/{id}/download", get(download::download))
        .route("/orders", get(pages::list))
        .route("/orders/{id}", get(pages::show))
        .route("/orders/{id}/pay", post(pages::pay))
        .route("/orders/{id}/cancel", post(pages::cancel))
        .route("/orders/{id}/receipt", get(receipt::show))
        .layer(axum::Extension(orders.clone()))
}

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = <api::Described as utoipa::OpenApi>::openapi();
    document.merge(<download::Described as utoipa::OpenApi>::openapi());
    document
}
