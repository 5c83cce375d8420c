use axum::Router;
use crate::Studio;
pub(crate) fn routes() -> Router<Studio> { Router::new() }
