//! Paying first: the checkout on which a subscription begins, with or without an account, and the page afterwards.
//!
//! What always holds: the row is written before the page is opened; whoever holds only the name of a page learns
//! nothing that would serve them; a lost event delays the beginning and nothing else.

pub(crate) mod api;
mod complete;
pub(crate) mod model;
mod open;
mod pages;
pub(crate) mod queries;
pub(crate) mod reconcile;

pub use complete::complete;
pub use model::{Checkout, CheckoutState, Completion, CompletionState};
pub use open::{PurchaseRequest, open};

use axum::Router;
use axum::routing::{get, post};
use platform::App;

use crate::state::Billing;

pub(crate) fn routes(billing: &Billing) -> Router<App> {
    Router::new()
        .route("/api/billing/checkout", post(api::checkout))
        .route("/api/billing/checkout/complete", get(api::complete))
        .route("/api/billing/subscription/create", post(api::create))
        .route("/plans/confirm", get(pages::confirm).post(pages::pay))
        .route("/welcome", get(pages::welcome))
        .layer(axum::Extension(billing.clone()))
}

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
