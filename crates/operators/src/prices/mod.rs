//! What an operation costs with a model: seen at a glance, changed with a reason. A price that somebody was shown before
//! a change is honoured for an hour (see [`credits::prices`]).

mod change;
mod model;
mod pages;

pub use change::change;
pub use model::{PriceChange, PriceForm};

use axum::Router;
use axum::routing::get;
use platform::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/console/prices", get(pages::show).post(pages::submit))
}
