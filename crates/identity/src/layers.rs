//! The middleware around every route, in the order in which a request passes it.

use std::any::Any;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use kernel::limits::BODY_BYTES_MAX;
use platform::http::{
    CachedFirst, ResponseCaching, cache_responses, idempotency, localise_problems, observe, origin_check, request_facts,
};
use platform::{App, Problem};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use ui::shell;

use crate::session_cookies::AuthCookie;
use crate::sessions::resolve::{Resolver, resolve_actor};

/// Puts the middleware around `routes`: request facts, measurement, compression, localised problems, the response cache,
/// the actor, the page shell, panics as 500, the origin check, idempotency keys and the body limit. Unknown paths and
/// methods are answered by problems.
pub fn wrap(app: &App, routes: Router<App>) -> Router {
    let caching = ResponseCaching::new(app.clone(), shell::cache_rules(AuthCookie::Session.name(&app.config)));
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), request_facts))
        .layer(from_fn(observe))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), localise_problems))
        .layer(from_fn_with_state(caching.clone(), cache_responses))
        .layer(from_fn_with_state(Resolver::new(app), resolve_actor))
        .layer(from_fn_with_state(app.clone(), shell::wrap))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), origin_check))
        .layer(from_fn_with_state(app.clone(), idempotency))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let routes = routes
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async {
            Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
        })
        .layer(layers)
        .with_state(app.clone());
    Router::new().fallback_service(CachedFirst::new(caching, routes))
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal(std::io::Error::other("a handler panicked")).into_response()
}
