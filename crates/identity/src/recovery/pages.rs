//! `/reset-password` and `/reset-password/confirm?code=…&type=recovery`.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::http::{Anyone, Form, Query};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{Messages, Page};

use super::{AFTER_FIRST_PASSWORD, Reset, ask, reset};
use crate::auth::session_cookies::{Told, forget_session, secretive, told_page};
use crate::one_time_links::{LinkPurpose, Renewal, dead, look};
use crate::passwords::{PASSWORD_CHARS_MIN, PASSWORD_CHARS_MIN_BESIDE_SECOND_FACTOR};
use crate::second_factor;
use crate::sessions::{Caller, SessionKind};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/reset-password", get(show_ask).post(submit_ask))
        .route("/reset-password/confirm", get(show_reset).post(submit_reset))
}

#[derive(Template)]
#[template(path = "recovery/ask.html")]
struct AskTemplate {
    t: Messages,
    email: String,
    told: Told,
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
    told: Told,
}

impl ResetTemplate<'_> {
    fn is_first(&self) -> bool {
        self.kind == LinkPurpose::SetPassword.as_str()
    }
}

#[derive(Deserialize)]
struct AskForm {
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
    /// A link of the specification carries `type=recovery`; whatever else it says is for no password.
    fn purpose(&self) -> Result<LinkPurpose, Problem> {
        match self.r#type.as_str() {
            "" | "recovery" => Ok(LinkPurpose::Recovery),
            "set_password" => Ok(LinkPurpose::SetPassword),
            _ => Err(Problem::new(StatusCode::NOT_FOUND, "link_unknown")),
        }
    }
}

async fn show_ask(Anyone(ctx): Anyone, Query(form): Query<AskForm>) -> Result<Response, Problem> {
    ask_page(&ctx, form.email, Told::default(), false)
}

async fn submit_ask(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(form): Form<AskForm>,
) -> Result<Response, Problem> {
    match ask(&ctx, &app, &caller, &form.email).await {
        Ok(()) => ask_page(&ctx, form.email, Told::default(), true),
        Err(problem) if problem.status().is_client_error() => {
            let told = Told::of(&app, ctx.locale, &problem, &[]);
            Ok(told_page(&problem, ask_page(&ctx, form.email, told, false)?))
        }
        Err(problem) => Err(problem),
    }
}

fn ask_page(ctx: &Ctx, email: String, told: Told, is_sent: bool) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    let body = AskTemplate { t, email, told, is_sent }.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("recovery-title"), body).robots("noindex").into_response())
}

async fn show_reset(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(form): Query<ResetForm>,
) -> Result<Response, Problem> {
    match reset_page(&ctx, &app, &form, Told::default()).await {
        Ok(page) => Ok(page),
        Err(problem) => dead(&app, &ctx, problem, Renewal::Recovery),
    }
}

async fn submit_reset(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(form): Form<ResetForm>,
) -> Result<Response, Problem> {
    let purpose = match form.purpose() {
        Ok(purpose) => purpose,
        Err(problem) => return dead(&app, &ctx, problem, Renewal::Recovery),
    };
    match reset(&ctx, &app, &caller, purpose, &form.code, &form.password, SessionKind::Cookie).await {
        Ok(Reset::Entered(entry)) => Ok(entry.for_browser(&app, AFTER_FIRST_PASSWORD)),
        Ok(Reset::Done) => {
            // Whoever was logged in here is so no longer: every session has ended.
            let mut response = ui::redirect_with_toast(&app.config, "/login", "success", "recovery-done");
            forget_session(&app.config, &mut response);
            Ok(response)
        }
        Err(problem) if !problem.fields().is_empty() || problem.status() == StatusCode::TOO_MANY_REQUESTS => {
            let told = Told::of(&app, ctx.locale, &problem, &[]);
            Ok(told_page(&problem, reset_page(&ctx, &app, &form, told).await?))
        }
        Err(problem) => dead(&app, &ctx, problem, Renewal::Recovery),
    }
}

async fn reset_page(ctx: &Ctx, app: &App, form: &ResetForm, told: Told) -> Result<Response, Problem> {
    let purpose = form.purpose()?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = look(ctx, &mut tx, &form.code, purpose).await?;
    let has_second_factor = second_factor::factors(&mut tx, link.user_id).await?.is_on();
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let min = if has_second_factor { PASSWORD_CHARS_MIN_BESIDE_SECOND_FACTOR } else { PASSWORD_CHARS_MIN };
    let password_hint = t.say_with("identity-password-hint", ui::arg("min", min));
    let kind = purpose.as_str();
    let is_first = purpose == LinkPurpose::SetPassword;
    let press = t.say(if is_first { "recovery-first-press" } else { "recovery-reset-press" });
    let template = ResetTemplate { t, code: &form.code, kind, email: link.email, password_hint, press, told };
    let title = t.say(if is_first { "recovery-first-title" } else { "recovery-reset-title" });
    let body = template.render().map_err(Problem::internal)?;
    Ok(secretive(Page::new(title, body).private().into_response()))
}
