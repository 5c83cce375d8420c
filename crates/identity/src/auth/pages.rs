//! The doorway: `/signup`, `/login`, `POST /logout`.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use kernel::SystemReason;
use platform::http::{Anyone, Form, Query, redirect_location};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{Messages, Page};

use super::log_in::{Credentials, log_in, sign_up_and_log_in};
use super::session_cookies::{Told, enter, forget_session, told_page};
use crate::passkeys::RelyingParty;
use crate::passwords::PASSWORD_CHARS_MIN;
use crate::sessions::{self, Caller, SessionKind};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/signup", get(show_sign_up).post(sign_up))
        .route("/login", get(show_log_in).post(submit_log_in))
        .route("/logout", post(log_out))
}

#[derive(Deserialize)]
struct Destination {
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "auth/log_in.html")]
struct LogInTemplate {
    t: Messages,
    next: String,
    email: String,
    problems: Vec<(String, String)>,
    failure: Option<(String, String)>,
    ways: OtherWays,
}

#[derive(Template)]
#[template(path = "auth/sign_up.html")]
struct SignUpTemplate {
    t: Messages,
    next: String,
    email: String,
    display_name: String,
    password_hint: String,
    problems: Vec<(String, String)>,
    failure: Option<(String, String)>,
    ways: OtherWays,
}

/// The ways in besides a password, as far as this house has them.
struct OtherWays {
    /// The domain of its passkeys.
    passkey_domain: Option<String>,
    /// What the other site is called.
    site: Option<String>,
}

impl OtherWays {
    fn of(app: &App) -> Self {
        Self {
            passkey_domain: RelyingParty::of(&app.config).map(|party| party.domain().to_owned()),
            site: app.config.oidc.as_ref().map(|settings| settings.name.clone()),
        }
    }
}

impl LogInTemplate {
    fn fault(&self) -> &str {
        self.problems.first().map_or("", |(_, message)| message)
    }
}

impl SignUpTemplate {
    fn fault(&self, field: &str) -> &str {
        self.problems.iter().find(|(name, _)| name == field).map_or("", |(_, message)| message)
    }

    fn summary(&self) -> Vec<(String, String)> {
        self.t.name_problems(&self.problems, |field| match field {
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
    Query(to): Query<Destination>,
) -> Result<Response, Problem> {
    let next = redirect_location(to.next.as_deref());
    if ctx.user().is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    log_in_page(&app, Messages::new(ctx.locale), next, String::new(), Told::default())
}

async fn show_sign_up(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(to): Query<Destination>,
) -> Result<Response, Problem> {
    let next = redirect_location(to.next.as_deref());
    if ctx.user().is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    sign_up_page(&app, Messages::new(ctx.locale), next, (String::new(), String::new()), Told::default())
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
        Ok(entry) => Ok(entry.for_browser(&app, &next)),
        Err(problem) if problem.status().is_client_error() => {
            let told = Told::of(&app, ctx.locale, &problem, &[("wrong_credentials", "email")]);
            let page = log_in_page(&app, Messages::new(ctx.locale), next, form.email, told)?;
            Ok(told_page(&problem, page))
        }
        Err(problem) => Err(problem),
    }
}

async fn sign_up(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(form): Form<SignUpForm>,
) -> Result<Response, Problem> {
    let next = redirect_location(form.next.as_deref());
    let credentials = Credentials { email: &form.email, password: &form.password, caller: &caller };
    match sign_up_and_log_in(&ctx, &app, credentials, &form.display_name, SessionKind::Cookie).await {
        Ok(entered) => Ok(enter(&app, &entered, &next)),
        Err(problem) if problem.status().is_client_error() => {
            let told = Told::of(&app, ctx.locale, &problem, &[("email_taken", "email")]);
            let typed = (form.email, form.display_name);
            let page = sign_up_page(&app, Messages::new(ctx.locale), next, typed, told)?;
            Ok(told_page(&problem, page))
        }
        Err(problem) => Err(problem),
    }
}

async fn log_out(State(app): State<App>, Anyone(ctx): Anyone) -> Result<Response, Problem> {
    if let Some(user) = ctx.user() {
        let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
        sessions::end(&ctx, &mut tx, user.session_id).await?;
        tx.commit().await?;
    }
    let mut response = Redirect::to("/").into_response();
    forget_session(&app.config, &mut response);
    Ok(response)
}

fn log_in_page(app: &App, t: Messages, next: String, email: String, told: Told) -> Result<Response, Problem> {
    let Told { fields: problems, failure } = told;
    let template = LogInTemplate { t, next, email, problems, failure, ways: OtherWays::of(app) };
    let body = template.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("identity-log-in-title"), body).robots("noindex").island("passkeys").into_response())
}

fn sign_up_page(
    app: &App,
    t: Messages,
    next: String,
    (email, display_name): (String, String),
    told: Told,
) -> Result<Response, Problem> {
    let password_hint = t.say_with("identity-password-hint", ui::arg("min", PASSWORD_CHARS_MIN));
    let Told { fields: problems, failure } = told;
    let template =
        SignUpTemplate { t, next, email, display_name, password_hint, problems, failure, ways: OtherWays::of(app) };
    let body = template.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("identity-sign-up-title"), body).robots("noindex").into_response())
}
