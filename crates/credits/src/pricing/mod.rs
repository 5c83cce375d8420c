//! The plans as pages: `/plans`, and their part of the front page.

mod cards;
mod pages;

pub use cards::front_page_section;

use axum::Router;
use axum::routing::get;
use platform::App;

use crate::state::Billing;

pub(crate) fn routes(billing: &Billing) -> Router<App> {
    Router::new().route("/plans", get(pages::show)).layer(axum::Extension(billing.clone()))
}
