//! What the law and honesty want on paper: who runs the platform (特定商取引法), its terms, what it knows about people.
//!
//! The first page is made from the configuration (`MACHIYA_OPERATOR_…`) and names what the operator has still to fill in.
//! Terms and privacy come with the program as short texts; an operator's own files in `MACHIYA_LEGAL_DIR` replace them.

mod model;
mod pages;
mod texts;

pub(crate) use texts::LegalTexts;

use axum::Router;
use axum::routing::get;
use platform::App;

use crate::Orders;

pub(crate) fn routes(orders: &Orders) -> Router<App> {
    Router::new()
        .route("/legal/commercial-transactions", get(pages::commercial_transactions))
        .route("/legal/terms", get(pages::terms))
        .route("/legal/privacy", get(pages::privacy))
        .layer(axum::Extension(orders.clone()))
}
