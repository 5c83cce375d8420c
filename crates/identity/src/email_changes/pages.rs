//! `POST /account/email`, `/account/email/confirm?code=…&type=…`.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kernel::{Ctx, SystemReason};
use platform::http::{Anyone, Form, Member, Query};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use serde::Deserialize;
use time::Duration;
use ui::{Messages, Page};

use super::{Confirmed, cancel, confirm, queries, request};
use crate::account_settings;
use crate::auth::session_cookies::{Told, secretive, told_page};
use crate::one_time_links::{LinkPurpose, Renewal, dead, look};
use crate::reauthentication;
use crate::sessions::Caller;

/// Changes that one account may ask for.
const REQUESTS: RateLimit = RateLimit { name: "email_changes", burst: 3, every: Duration::minutes(20) };
/// Codes that one address may try.
const TRIES: RateLimit = RateLimit { name: "email_change_tries", burst: 30, every: Duration::seconds(10) };

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account/email", post(submit))
        .route("/account/email/cancel", post(submit_cancel))
        .route("/account/email/confirm", get(show_confirm).post(submit_confirm))
}

pub(super) async fn take_mail(member: &Member, app: &App) -> Result<(), Problem> {
    rate_limits::take(&member.ctx, app, REQUESTS, &member.user.user_id.to_string()).await
}

pub(super) async fn take_try(ctx: &Ctx, app: &App, caller: &Caller) -> Result<(), Problem> {
    rate_limits::take(ctx, app, TRIES, &caller.address_key()).await
}

async fn submit(
    State(app): State<App>,
    member: Member,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let email = typed.iter().find(|(name, _)| name == "email").map_or("", |(_, value)| value.as_str());
    let asked = async {
        let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
        // What is refused for want of a proof is asked again at once, and counts once.
        crate::sessions::require_recent_proof(&member.ctx, &mut tx).await?;
        tx.commit().await?;
        take_mail(&member, &app).await?;
        let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
        request(&member.ctx, &mut tx, &app, email).await?;
        Ok::<(), Problem>(tx.commit().await?)
    };
    match asked.await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "account-email-change-sent")),
        Err(problem) if problem.code() == "reauthentication_required" => {
            reauthentication::ask(&member.ctx, &app, "/account/email", &typed).await
        }
        Err(problem) if problem.status().is_client_error() => {
            let told = Told::of(&app, member.ctx.locale, &problem, &[("too_many_requests", "email")]);
            let page = account_settings::security(&member, &app, email, told).await?;
            Ok(told_page(&problem, page))
        }
        Err(problem) => Err(problem),
    }
}

async fn submit_cancel(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    cancel(&member.ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "account-email-cancelled"))
}

#[derive(Deserialize)]
struct Carried {
    #[serde(default)]
    code: String,
    #[serde(default)]
    r#type: String,
}

impl Carried {
    fn purpose(&self) -> LinkPurpose {
        match self.r#type.as_str() {
            "change_email_new" => LinkPurpose::ChangeEmailNew,
            _ => LinkPurpose::ChangeEmailOld,
        }
    }
}

#[derive(Template)]
#[template(path = "email_changes/confirm.html")]
struct ConfirmTemplate<'a> {
    t: Messages,
    code: &'a str,
    kind: &'static str,
    words: String,
}

async fn show_confirm(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(carried): Query<Carried>,
) -> Result<Response, Problem> {
    let purpose = carried.purpose();
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = match look(&ctx, &mut tx, &carried.code, purpose).await {
        Ok(link) => link,
        Err(fault) => return dead(&app, &ctx, fault.into(), Renewal::Account),
    };
    let email = queries::pending_email(&mut tx, link.user_id, ctx.now()).await?.unwrap_or_default();
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let is_new = purpose == LinkPurpose::ChangeEmailNew;
    let key = if is_new { "email-change-confirm-new" } else { "email-change-confirm-old" };
    let words = t.say_with(key, ui::arg("email", email));
    let template = ConfirmTemplate { t, code: &carried.code, kind: purpose.as_str(), words };
    let body = template.render().map_err(Problem::internal)?;
    Ok(secretive(Page::new(t.say("email-change-confirm-title"), body).private().into_response()))
}

async fn submit_confirm(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(carried): Form<Carried>,
) -> Result<Response, Problem> {
    take_try(&ctx, &app, &caller).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let confirmed = match confirm(&ctx, &mut tx, &carried.code, carried.purpose()).await {
        Ok(confirmed) => confirmed,
        Err(problem) => return dead(&app, &ctx, problem, Renewal::Account),
    };
    tx.commit().await?;
    let next = if ctx.user().is_some() { "/account/security" } else { "/login" };
    let key = if confirmed == Confirmed::Done { "email-change-done" } else { "email-change-half" };
    Ok(ui::redirect_with_toast(&app.config, next, "success", key))
}
