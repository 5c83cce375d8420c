//! Forms that the script `passkeys` fills in: `/login/passkey`, `/account/confirm/passkey`, `/account/security/passkeys`.
//! Without script a password is needed.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use platform::http::{Anyone, Form, Member, Path};
use platform::{App, Problem};
use serde::Deserialize;

use super::manage::{remove_passkey, rename_passkey};
use super::model::{AnswerForm, PasskeyAnswer, PasskeyId};
use super::prove::{log_in_with_passkey, prove_with_passkey};
use super::register::register_passkey;
use crate::account_settings::security_redirect::redirect_to_security;
use crate::responses::with_next;
use crate::second_factor::show_codes::show_codes;
use crate::session_cookies::set_session;
use crate::sessions::caller::Caller;
use crate::sessions::model::SessionKind;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/login/passkey", post(log_in))
        .route("/account/confirm/passkey", post(confirm))
        .route("/account/security/passkeys", post(add))
        .route("/account/security/passkeys/{id}/name", post(rename))
        .route("/account/security/passkeys/{id}/remove", post(remove))
}

#[derive(Deserialize)]
struct NewForm {
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct NameForm {
    #[serde(default)]
    name: String,
}

async fn log_in(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    match log_in_with_passkey(&ctx, &app, form.answer(), SessionKind::Cookie, &caller).await {
        Ok(outcome) => Ok(outcome.for_browser(&app, &form.next())),
        Err(problem) => refused(&app, problem, "/login", &form.next()),
    }
}

async fn confirm(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    match prove_with_passkey(&ctx, &app, form.answer(), SessionKind::Cookie).await {
        Ok(session) => {
            let mut response = Redirect::to(&form.next()).into_response();
            set_session(&app.config, &mut response, session.as_ref());
            Ok(response)
        }
        Err(problem) => refused(&app, problem, "/account/confirm", &form.next()),
    }
}

/// Back to the form with a toast after `passkey_refused`; every other problem stays one.
fn refused(app: &App, problem: Problem, path: &str, next: &str) -> Result<Response, Problem> {
    if problem.code() == "passkey_refused" {
        Ok(ui::redirect_with_toast(&app.config, &with_next(path, next), "danger", "error-passkey-refused"))
    } else {
        Err(problem)
    }
}

async fn add(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Form(form): Form<NewForm>,
) -> Result<Response, Problem> {
    let answer = PasskeyAnswer { ceremony: &form.ceremony, credential: form.credential.as_bytes() };
    match register_passkey(&ctx, &app, answer, &form.name, SessionKind::Cookie).await {
        Ok((_, added)) => show_codes(&ctx, &app, added, "factors-passkey-added"),
        Err(problem) => redirect_to_security(&app, problem),
    }
}

async fn rename(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Path(id): Path<PasskeyId>,
    Form(form): Form<NameForm>,
) -> Result<Response, Problem> {
    match rename_passkey(&ctx, &app, id, &form.name).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "saved")),
        Err(problem) => redirect_to_security(&app, problem),
    }
}

async fn remove(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Path(id): Path<PasskeyId>,
) -> Result<Response, Problem> {
    match remove_passkey(&ctx, &app, id).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "factors-passkey-removed")),
        Err(problem) => redirect_to_security(&app, problem),
    }
}
