//! `/account/confirm`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use platform::http::{Form, Member, Query, redirect_location};
use platform::{App, Problem};
use ui::FormErrors;

use super::form::{Continuation, NEXT, PASSWORD, THEN, confirm_form};
use super::prove::prove_by_password;
use crate::responses::{NextParam, form_value};
use crate::session_cookies::set_session;
use crate::sessions::caller::Caller;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/account/confirm", get(show).post(submit))
}

async fn show(State(app): State<App>, member: Member, Query(to): Query<NextParam>) -> Result<Response, Problem> {
    let next = to.path();
    let continuation = Continuation { then: "", next: &next, carried: &[] };
    confirm_form(&member.ctx, &app, continuation, FormErrors::default(), StatusCode::OK).await
}

async fn submit(
    State(app): State<App>,
    member: Member,
    caller: Caller,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (then, next) = (form_value(&typed, THEN), form_value(&typed, NEXT));
    match prove_by_password(&member.ctx, &app, &caller, form_value(&typed, PASSWORD), PASSWORD).await {
        Ok(session) => {
            let mut response = continue_to(then, next);
            set_session(&app.config, &mut response, session.as_ref());
            Ok(response)
        }
        Err(problem) if problem.status().is_client_error() => {
            let errors = FormErrors::of(&app.languages, member.ctx.locale, &problem, &[]);
            let continuation = Continuation { then, next, carried: &typed };
            confirm_form(&member.ctx, &app, continuation, errors, problem.status()).await
        }
        Err(problem) => Err(problem),
    }
}

/// The redirect after the proof. With 307 the browser posts the same body to `then`, which ignores the fields of this form.
fn continue_to(then: &str, next: &str) -> Response {
    let then = redirect_location(Some(then));
    if then == "/" {
        return Redirect::to(&redirect_location(Some(next))).into_response();
    }
    match HeaderValue::from_str(&then) {
        Ok(location) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response(),
        Err(_) => Redirect::to("/").into_response(),
    }
}
