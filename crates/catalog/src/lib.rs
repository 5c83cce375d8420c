//! The catalogue: what may be bought, and how it is shown.
//!
//! - [`products`] says what a product is, what its licence allows, and what its buyer is given.
//! - [`lineages`] finds pictures that are the same picture; [`inventory`] counts what is reserved and sold.
//! - [`publishing`] puts a picture into the gallery and takes it out again.
//! - [`gallery`] shows what is for sale: pages of any depth, products, sellers, the front page.
//! - [`verification`] finds what should not be: an offer of what is sold exclusively, an original that is missing.
//! - [`views`] counts how often a product's page is looked at; `limits` bounds what one person may publish in an hour.
//!
//! What always holds: a picture is one product; what a buyer gets is frozen in a version when it is published; the
//! original and the prompt are on no page.
//!
//! Absent on purpose: orders and issued licences (orders), search and rankings (discovery).

pub mod gallery;
pub mod inventory;
mod limits;
pub mod lineages;
pub mod products;
pub mod publishing;
pub(crate) mod state;
pub mod verification;
pub mod views;

#[cfg(test)]
mod tests;

pub use state::Catalog;
pub use verification::{verify, verify_files};

use axum::Router;
use platform::App;
use platform::jobs::Registry;

/// The pages and the API of the catalogue.
pub fn routes(catalog: &Catalog) -> Router<App> {
    publishing::routes().merge(gallery::routes()).with_state(catalog.clone())
}

/// The queued work of the catalogue.
pub fn jobs() -> Registry {
    publishing::jobs()
}

/// The OpenAPI description of the catalogue.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = publishing::openapi();
    document.merge(gallery::openapi());
    document
}
