//! The pages that the law requires of a shop: who runs the platform (特定商取引法), the terms, the privacy policy.
//!
//! The first is made from the configuration (`MACHIYA_OPERATOR_…`) and names what the operator still has to fill in. Terms
//! and privacy policy are short texts of the program; an operator's own files in `MACHIYA_LEGAL_DIR` replace them.

pub(crate) mod model;
mod pages;
pub(crate) mod texts;

use axum::Router;
use axum::routing::get;

use crate::state::Orders;

pub(crate) fn routes() -> Router<Orders> {
    Router::new()
        .route("/legal/commercial-transactions", get(pages::commercial_transactions))
        .route("/legal/terms", get(pages::terms))
        .route("/legal/privacy", get(pages::privacy))
}
