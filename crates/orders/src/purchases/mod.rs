//! Purchases: what a buyer sees of orders, licences, downloads and receipts.
//!
//! Everything is read as the buyer, under row level security: another person's order does not exist.

mod api;
pub(crate) mod cancel;
mod download;
pub(crate) mod items;
pub(crate) mod model;
pub(crate) mod ownership;
mod pages;
pub(crate) mod queries;
mod receipt;

pub use cancel::cancel_order;
pub use ownership::find_purchase;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Orders;

pub(crate) fn routes() -> Router<Orders> {
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
}

/// The OpenAPI description of purchases.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = <api::Documented as utoipa::OpenApi>::openapi();
    document.merge(<download::Documented as utoipa::OpenApi>::openapi());
    document
}
