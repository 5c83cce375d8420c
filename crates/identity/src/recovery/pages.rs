//! `/reset-password` and `/reset-password/confirm?code=…&type=recovery`.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::http::{Anyone, Form, Query, unlinked};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{FormErrors, Messages, Page};

use super::request::request_recovery;
use super::reset::{AFTER_FIRST_PASSWORD, Reset, reset_password};
use crate::one_time_links::consume::check_link;
use crate::one_time_links::invalid_link::{NewLinkAt, invalid_link_page};
use crate::one_time_links::model::LinkPurpose;
use crate::passwords::policy::password_chars_min;
use crate::responses::error_page;
use crate::second_factor::queries::factors;
use crate::session_cookies::AuthCookie;
use crate::sessions::caller::Caller;
use crate::sessions::model::SessionKind;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/reset-password", get(show_request).post(submit_request))
        .route("/reset-password/confirm", get(show_reset).post(submit_reset))
}

#[derive(Template)]
#[template(path = "recovery/request.html")]
struct RequestTemplate {
    t: Messages,
    email: String,
    errors: FormErrors,
    is_sent: bool,
}

#[derive(Template)]
#[template(path = "recovery/reset.html")]
struct ResetTemplate<'a> {
    t: Messages,
    code: &'a str,
    kind: &'static str,
    email: String,
    password_hint: String,
    press: String,
    errors: FormErrors,
}

impl ResetTemplate<'_> {
    fn is_first(&self) -> bool {
        self.kind == LinkPurpose::SetPassword.as_str()
    }
}

#[derive(Deserialize)]
struct RequestForm {
    #[serde(default)]
    email: String,
}

#[derive(Deserialize)]
struct ResetForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    password: String,
}

impl ResetForm {
    /// The purpose of the link; 404 `link_unknown` for a purpose that sets no password.
    fn purpose(&self) -> Result<LinkPurpose, Problem> {
        match self.r#type.as_str() {
            "" | "recovery" => Ok(LinkPurpose::Recovery),
            "set_password" => Ok(LinkPurpose::SetPassword),
            _ => Err(Problem::new(StatusCode::NOT_FOUND, "link_unknown")),
        }
    }
}

async fn show_request(Anyone(ctx): Anyone, Query(form): Query<RequestForm>) -> Result<Response, Problem> {
    request_page(&ctx, form.email, FormErrors::default(), false)
}

async fn submit_request(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(form): Form<RequestForm>,
) -> Result<Response, Problem> {
    match request_recovery(&ctx, &app, &caller, &form.email).await {
        Ok(()) => request_page(&ctx, form.email, FormErrors::default(), true),
        Err(problem) if problem.status().is_client_error() => {
            let errors = FormErrors::of(&app.languages, ctx.locale, &problem, &[]);
            Ok(error_page(&problem, request_page(&ctx, form.email, errors, false)?))
        }
        Err(problem) => Err(problem),
    }
}

fn request_page(ctx: &Ctx, email: String, errors: FormErrors, is_sent: bool) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    let body = RequestTemplate { t, email, errors, is_sent }.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("recovery-title"), body).robots("noindex").into_response())
}

async fn show_reset(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(form): Query<ResetForm>,
) -> Result<Response, Problem> {
    let page = reset_page(&ctx, &app, &form, FormErrors::default()).await;
    page.or_else(|problem| invalid_link_page(&app, &ctx, problem, NewLinkAt::Recovery))
}

async fn submit_reset(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(form): Form<ResetForm>,
) -> Result<Response, Problem> {
    let purpose = match form.purpose() {
        Ok(purpose) => purpose,
        Err(problem) => return invalid_link_page(&app, &ctx, problem, NewLinkAt::Recovery),
    };
    match reset_password(&ctx, &app, &caller, purpose, &form.code, &form.password, SessionKind::Cookie).await {
        Ok(Reset::FirstPassword(outcome)) => Ok(outcome.for_browser(&app, AFTER_FIRST_PASSWORD)),
        Ok(Reset::Done) => {
            // Every session has ended, also one of this browser.
            let mut response = ui::redirect_with_toast(&app.config, "/login", "success", "recovery-done");
            AuthCookie::Session.clear(&app.config, &mut response);
            Ok(response)
        }
        Err(problem) if !problem.fields().is_empty() || problem.status() == StatusCode::TOO_MANY_REQUESTS => {
            let errors = FormErrors::of(&app.languages, ctx.locale, &problem, &[]);
            Ok(error_page(&problem, reset_page(&ctx, &app, &form, errors).await?))
        }
        Err(problem) => invalid_link_page(&app, &ctx, problem, NewLinkAt::Recovery),
    }
}

async fn reset_page(ctx: &Ctx, app: &App, form: &ResetForm, errors: FormErrors) -> Result<Response, Problem> {
    let purpose = form.purpose()?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = check_link(ctx, &mut tx, &form.code, purpose).await?;
    let min = password_chars_min(factors(&mut tx, link.user_id).await?.is_on());
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let password_hint = t.say_with("identity-password-hint", ui::arg("min", min));
    let is_first = purpose == LinkPurpose::SetPassword;
    let press = t.say(if is_first { "recovery-first-press" } else { "recovery-reset-press" });
    let kind = purpose.as_str();
    let template = ResetTemplate { t, code: &form.code, kind, email: link.email, password_hint, press, errors };
    let title = t.say(if is_first { "recovery-first-title" } else { "recovery-reset-title" });
    let body = template.render().map_err(Problem::internal)?;
    Ok(unlinked(Page::new(title, body).private().into_response()))
}
