//! What a plan brings: grants a month, how long things are kept, pages. An edit reaches whoever begins the plan at once, and
//! whoever is on it with the next renewal (see [`credits::plans::edit`]).

mod change;
mod model;
mod pages;

pub use change::change;
pub use model::{PlanChange, PlanForm};

use axum::Router;
use axum::routing::get;
use platform::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/console/plans", get(pages::show).post(pages::submit))
}
