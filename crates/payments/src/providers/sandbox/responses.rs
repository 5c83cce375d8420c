//! What every page of the sandbox answers with.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use platform::http::Problem;

use super::handle::Sandbox;
use crate::state::Payments;

/// The sandbox, where there is one.
pub(super) fn sandbox_of(payments: &Payments) -> Result<&Sandbox, Problem> {
    payments.sandbox().ok_or_else(Problem::not_found)
}

/// Leads on to an address, by a fresh GET.
pub(super) fn lead_to(target: &str) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(target).map_err(|_| Problem::not_found())?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}
