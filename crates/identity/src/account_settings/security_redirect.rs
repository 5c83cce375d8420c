//! The redirect after a failed change on `/account/security`.

use axum::response::{IntoResponse as _, Redirect, Response};
use platform::{App, Problem};

/// Redirects to the security page with a toast about the problem, or to `/account/confirm` when a recent proof of identity
/// is missing.
///
/// # Errors
/// The problem itself when it names fields or is a server error.
pub(crate) fn redirect_to_security(app: &App, problem: Problem) -> Result<Response, Problem> {
    match problem.code() {
        "reauthentication_required" => Ok(Redirect::to("/account/confirm?next=/account/security").into_response()),
        code if problem.status().is_client_error() && problem.fields().is_empty() => {
            let key = format!("error-{}", code.replace('_', "-"));
            Ok(ui::redirect_with_toast(&app.config, "/account/security", "danger", &key))
        }
        _ => Err(problem),
    }
}
