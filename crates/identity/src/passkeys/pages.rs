//! Forms that a script fills in: `/login/passkey`, `/account/security/passkeys`. Without script the password is asked for.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use platform::http::{Anyone, Form, Member, Path, redirect_location};
use platform::{App, Problem};
use serde::Deserialize;

use super::model::PasskeyId;
use super::prove::Answered;
use super::{manage, prove, register};
use crate::auth::session_cookies::set_session;
use crate::second_factor::{back_to_security, show_codes};
use crate::sessions::{Caller, SessionKind};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/login/passkey", post(log_in))
        .route("/account/confirm/passkey", post(confirm))
        .route("/account/security/passkeys", post(add))
        .route("/account/security/passkeys/{id}/name", post(rename))
        .route("/account/security/passkeys/{id}/remove", post(remove))
}

/// An answer to a ceremony, as the script puts it into hidden fields.
#[derive(Deserialize)]
pub(crate) struct AnswerForm {
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    credential: String,
    next: Option<String>,
}

impl AnswerForm {
    /// The answer.
    pub(crate) fn answered(&self) -> Answered<'_> {
        Answered { ceremony: &self.ceremony, credential: self.credential.as_bytes() }
    }

    /// Where to go then.
    pub(crate) fn next(&self) -> String {
        redirect_location(self.next.as_deref())
    }
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
    match prove::log_in(&ctx, &app, form.answered(), SessionKind::Cookie, &caller).await {
        Ok(entry) => Ok(entry.for_browser(&app, &form.next())),
        Err(problem) if problem.code() == "passkey_refused" => {
            let next: String = url::form_urlencoded::byte_serialize(form.next().as_bytes()).collect();
            let path = format!("/login?next={next}");
            Ok(ui::redirect_with_toast(&app.config, &path, "danger", "error-passkey-refused"))
        }
        Err(problem) => Err(problem),
    }
}

async fn confirm(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    match prove::prove_again(&ctx, &app, form.answered(), SessionKind::Cookie).await {
        Ok(session) => {
            let mut response = Redirect::to(&form.next()).into_response();
            if let Some(session) = session {
                set_session(&app.config, &mut response, &session);
            }
            Ok(response)
        }
        Err(problem) if problem.code() == "passkey_refused" => {
            let next: String = url::form_urlencoded::byte_serialize(form.next().as_bytes()).collect();
            let path = format!("/account/confirm?next={next}");
            Ok(ui::redirect_with_toast(&app.config, &path, "danger", "error-passkey-refused"))
        }
        Err(problem) => Err(problem),
    }
}

async fn add(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Form(form): Form<NewForm>,
) -> Result<Response, Problem> {
    let answer = (form.ceremony.as_str(), form.credential.as_bytes());
    match register::register(&ctx, &app, answer, &form.name, SessionKind::Cookie).await {
        Ok((_, renewed)) => show_codes(&ctx, &app, renewed, "factors-passkey-added"),
        Err(problem) => back_to_security(&app, problem),
    }
}

async fn rename(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Path(id): Path<PasskeyId>,
    Form(form): Form<NameForm>,
) -> Result<Response, Problem> {
    match manage::rename(&ctx, &app, id, &form.name).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "saved")),
        Err(problem) => back_to_security(&app, problem),
    }
}

async fn remove(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Path(id): Path<PasskeyId>,
) -> Result<Response, Problem> {
    match manage::remove(&ctx, &app, id).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "factors-passkey-removed")),
        Err(problem) => back_to_security(&app, problem),
    }
}
