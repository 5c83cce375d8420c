//! Papers for the buyer's accounts: the qualified invoice (適格請求書) for what was paid, the qualified return invoice
//! (適格返還請求書) for what went back, as a page, a PDF and through the API.
//!
//! What always holds: amounts include tax, and the tax of a rate is rounded once per document; the numbers of a year follow
//! one another without a gap; what was issued never changes, whatever becomes of the settings or the buyer's name. An
//! installation without a registration number issues a receipt (領収書), which claims nothing more.
//!
//! Absent on purpose: documents in a seller's name for sales between users.

pub(crate) mod addressee;
mod api;
pub(crate) mod ids;
pub(crate) mod issue;
pub(crate) mod issuer;
mod layout;
mod messages;
pub(crate) mod model;
mod pages;
mod pdf;
mod queries;
mod totals;

pub use addressee::Addressee;
pub use api::openapi;
pub use ids::TaxInvoiceId;
pub use issue::{credit, issue};
pub use issuer::Issuer;
pub use model::{DocumentKind, InvoiceLine, IssuedFor, NewCreditNote, NewTaxInvoice, RateTotal, TaxInvoice, TaxRate};
pub use queries::{list, of_payment};

use axum::Router;
use axum::routing::get;
use platform::App;

/// The pages and the API of tax invoices.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/invoices", get(pages::list))
        .route("/invoices/addressee", get(addressee::pages::show).post(addressee::pages::set))
        .route("/invoices/{id}", get(pages::show))
        .route("/api/invoices", get(api::list))
        .route("/api/invoices/addressee", get(addressee::api::show).put(addressee::api::set))
        .route("/api/invoices/{id}", get(api::show))
}
