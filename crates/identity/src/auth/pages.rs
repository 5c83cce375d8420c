//! `/signup`, `/login` and `POST /logout`.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use kernel::SystemReason;
use platform::http::{Anyone, Form, Query, redirect_location};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{FormErrors, Messages, Page};

use super::log_in::{log_in, sign_up_and_log_in};
use super::logged_in::logged_in_redirect;
use super::model::Credentials;
use crate::passkeys::model::RelyingParty;
use crate::passwords::policy::password_chars_min;
use crate::responses::{NextParam, error_page};
use crate::session_cookies::AuthCookie;
use crate::sessions::caller::Caller;
use crate::sessions::lifecycle::end_session;
use crate::sessions::model::SessionKind;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/signup", get(show_sign_up).post(submit_sign_up))
        .route("/login", get(show_log_in).post(submit_log_in))
        .route("/logout", post(log_out))
}

#[derive(Template)]
#[template(path = "auth/log_in.html")]
struct LogInTemplate {
    t: Messages,
    next: String,
    email: String,
    errors: FormErrors,
    other: OtherMethods,
}

#[derive(Template)]
#[template(path = "auth/sign_up.html")]
struct SignUpTemplate {
    t: Messages,
    next: String,
    email: String,
    display_name: String,
    password_hint: String,
    errors: FormErrors,
    other: OtherMethods,
}

/// The configured login methods besides a password.
struct OtherMethods {
    /// The domain of passkeys.
    passkey_domain: Option<String>,
    /// The name of the OpenID provider.
    site: Option<String>,
}

impl OtherMethods {
    fn of(app: &App) -> Self {
        Self {
            passkey_domain: RelyingParty::of(&app.config).map(|party| party.domain().to_owned()),
            site: app.config.oidc.as_ref().map(|settings| settings.name.clone()),
        }
    }
}

impl SignUpTemplate {
    fn summary(&self) -> Vec<(String, String)> {
        self.t.name_problems(&self.errors.fields, |field| match field {
            "displayName" => "identity-display-name",
            "email" => "identity-email",
            "password" => "identity-password",
            _ => "",
        })
    }
}

#[derive(Deserialize)]
struct LogInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

#[derive(Deserialize)]
struct SignUpForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default, rename = "displayName")]
    display_name: String,
    next: Option<String>,
}

async fn show_log_in(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(to): Query<NextParam>,
) -> Result<Response, Problem> {
    if ctx.user().is_some() {
        return Ok(Redirect::to(&to.path()).into_response());
    }
    log_in_page(&app, Messages::new(ctx.locale), to.path(), String::new(), FormErrors::default())
}

async fn show_sign_up(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(to): Query<NextParam>,
) -> Result<Response, Problem> {
    if ctx.user().is_some() {
        return Ok(Redirect::to(&to.path()).into_response());
    }
    let typed = (String::new(), String::new());
    sign_up_page(&app, Messages::new(ctx.locale), to.path(), typed, FormErrors::default())
}

async fn submit_log_in(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(form): Form<LogInForm>,
) -> Result<Response, Problem> {
    let next = redirect_location(form.next.as_deref());
    let credentials = Credentials { email: &form.email, password: &form.password, caller: &caller };
    match log_in(&ctx, &app, credentials, SessionKind::Cookie).await {
        Ok(outcome) => Ok(outcome.for_browser(&app, &next)),
        Err(problem) if problem.status().is_client_error() => {
            let errors = FormErrors::of(&app.languages, ctx.locale, &problem, &[("wrong_credentials", "email")]);
            let page = log_in_page(&app, Messages::new(ctx.locale), next, form.email, errors)?;
            Ok(error_page(&problem, page))
        }
        Err(problem) => Err(problem),
    }
}

async fn submit_sign_up(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(form): Form<SignUpForm>,
) -> Result<Response, Problem> {
    let next = redirect_location(form.next.as_deref());
    let credentials = Credentials { email: &form.email, password: &form.password, caller: &caller };
    match sign_up_and_log_in(&ctx, &app, credentials, &form.display_name, SessionKind::Cookie).await {
        Ok(logged_in) => Ok(logged_in_redirect(&app, &logged_in, &next)),
        Err(problem) if problem.status().is_client_error() => {
            let errors = FormErrors::of(&app.languages, ctx.locale, &problem, &[("email_taken", "email")]);
            let typed = (form.email, form.display_name);
            let page = sign_up_page(&app, Messages::new(ctx.locale), next, typed, errors)?;
            Ok(error_page(&problem, page))
        }
        Err(problem) => Err(problem),
    }
}

async fn log_out(State(app): State<App>, Anyone(ctx): Anyone) -> Result<Response, Problem> {
    if let Some(user) = ctx.user() {
        let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
        end_session(&ctx, &mut tx, user.session_id).await?;
        tx.commit().await?;
    }
    let mut response = Redirect::to("/").into_response();
    AuthCookie::Session.clear(&app.config, &mut response);
    Ok(response)
}

fn log_in_page(app: &App, t: Messages, next: String, email: String, errors: FormErrors) -> Result<Response, Problem> {
    let template = LogInTemplate { t, next, email, errors, other: OtherMethods::of(app) };
    let body = template.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("identity-log-in-title"), body).robots("noindex").island("passkeys").into_response())
}

fn sign_up_page(
    app: &App,
    t: Messages,
    next: String,
    (email, display_name): (String, String),
    errors: FormErrors,
) -> Result<Response, Problem> {
    let password_hint = t.say_with("identity-password-hint", ui::arg("min", password_chars_min(false)));
    let template = SignUpTemplate { t, next, email, display_name, password_hint, errors, other: OtherMethods::of(app) };
    let body = template.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("identity-sign-up-title"), body).robots("noindex").into_response())
}
