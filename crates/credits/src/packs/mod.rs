//! Packs: tokens bought once, that last 180 days.
//!
//! What always holds: one payment is one lot; the money is on the ledger as owed until the tokens are used or expire;
//! what goes back to the buyer is taken back as tokens first, as far as they are unspent.

mod api;
mod model;
mod pages;
pub(crate) mod purchase;
pub(crate) mod queries;
mod refund;
mod settle;

pub use model::{PackPurchase, PackState};
pub use purchase::{purchase, redirect_url};
pub use refund::{PackRefunded, refund};
pub use settle::{LapsePack, SettlePack};

use axum::Router;
use axum::routing::{get, post};
use platform::App;
use platform::jobs::Registry;

use crate::state::Billing;
use crate::subscriptions::jobs::with;

pub(crate) fn routes(billing: &Billing) -> Router<App> {
    Router::new()
        .route("/api/billing/credits/purchase", post(api::purchase))
        .route("/admin/settings/packs/{id}", get(pages::confirm).post(pages::buy))
        .layer(axum::Extension(billing.clone()))
}

pub(crate) fn registry(billing: &Billing) -> Registry {
    Registry::new()
        .on(with(billing, settle::settle))
        .on(with(billing, settle::lapse))
        .on(with(billing, refund::on_refunded))
}

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
