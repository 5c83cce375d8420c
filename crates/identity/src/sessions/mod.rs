//! Sessions: a cookie for browsers, a bearer token for programs. Only the hash of the secret is stored.

mod api;
pub(crate) mod caller;
pub(crate) mod lifecycle;
pub(crate) mod model;
pub(crate) mod own;
pub(crate) mod proof;
pub(crate) mod queries;
pub(crate) mod resolve;
mod sweep;

use axum::Router;
use platform::App;
use platform::jobs::Registry;
use time::Duration;

pub use caller::Caller;
pub use lifecycle::start;
pub use model::{SessionKind, SessionToken, StartedSession};

/// The routes of sessions.
pub(crate) fn routes() -> Router<App> {
    api::routes()
}

/// The jobs of sessions.
pub(crate) fn jobs() -> Registry {
    Registry::new().on(sweep::sweep_sessions).every(Duration::hours(24), &sweep::SweepSessions {})
}

/// The OpenAPI description of sessions.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::list_api, api::end_api, api::end_all_api))]
pub(crate) struct ApiDoc;
