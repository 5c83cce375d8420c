//! The customer's own pages: `/admin/pages` and `/admin/settings` (specification 3, §1-7 and §4-1), and the balance in the
//! frame of every page.

mod chip;
mod low;
pub(crate) mod overview;
mod pages;
mod queries;
mod settings;

pub use chip::show_balance;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};
use platform::App;

use crate::state::Billing;

pub(crate) fn routes(billing: &Billing) -> Router<App> {
    Router::new()
        .route("/admin", get(|| async { Redirect::to("/admin/pages") }))
        .route("/admin/pages", get(pages::show))
        .route("/admin/settings", get(settings::show))
        .route("/admin/settings/cancel", post(settings::cancel))
        .route("/admin/settings/resume", post(settings::resume))
        .route("/admin/settings/portal", post(settings::portal))
        .layer(axum::Extension(billing.clone()))
}
