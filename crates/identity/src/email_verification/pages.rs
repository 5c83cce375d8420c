//! `/verify-email` (the link's page), and asking for another mail.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::http::{Anyone, Form, Json, Member, Query};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use serde::Deserialize;
use time::Duration;
use ui::{Messages, Page};

use super::{ask, verify};
use crate::auth::session_cookies::secretive;
use crate::one_time_links::{LinkPurpose, Renewal, dead, look};
use crate::sessions::Caller;
use crate::users;

/// Mails that one account may ask for.
const MAILS: RateLimit = RateLimit { name: "verification_mails", burst: 3, every: Duration::minutes(20) };
/// Codes that one address may try.
const TRIES: RateLimit = RateLimit { name: "verification_tries", burst: 30, every: Duration::seconds(10) };

/// The routes of mail verification.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/verify-email", get(show).post(submit))
        .route("/account/email/verification", post(ask_again))
        .route("/api/auth/verification", post(ask_again_api))
        .route("/api/auth/verification/confirm", post(confirm_api))
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(ask_again_api, confirm_api))]
struct Described;

/// The OpenAPI description of mail verification.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}

#[derive(Deserialize)]
struct Carried {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "email_verification/verify.html")]
struct VerifyTemplate<'a> {
    t: Messages,
    code: &'a str,
}

async fn show(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(carried): Query<Carried>,
) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    if let Err(fault) = look(&ctx, &mut tx, &carried.code, LinkPurpose::VerifyEmail).await {
        return dead(&app, &ctx, fault.into(), Renewal::Account);
    }
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let body = VerifyTemplate { t, code: &carried.code }.render().map_err(Problem::internal)?;
    Ok(secretive(Page::new(t.say("verify-email-title"), body).private().into_response()))
}

async fn submit(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(carried): Form<Carried>,
) -> Result<Response, Problem> {
    if let Err(problem) = confirm(&ctx, &app, &caller, &carried.code).await {
        return dead(&app, &ctx, problem, Renewal::Account);
    }
    let next = if ctx.user().is_some() { "/studio" } else { "/login" };
    Ok(ui::redirect_with_toast(&app.config, next, "success", "verify-email-done"))
}

async fn confirm(ctx: &Ctx, app: &App, caller: &Caller, code: &str) -> Result<(), Problem> {
    rate_limits::take(ctx, app, TRIES, &caller.address_key()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    verify(ctx, &mut tx, code).await?;
    Ok(tx.commit().await?)
}

/// A code from a mail.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct CodeBody {
    /// As the link carries it.
    code: String,
}

/// Shows that mail reaches the address of an account.
#[utoipa::path(post, path = "/api/auth/verification/confirm", tag = "auth", request_body = CodeBody,
    responses((status = 204), (status = 404, description = "link_unknown"),
              (status = 410, description = "link_used, link_expired")))]
pub(super) async fn confirm_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<CodeBody>,
) -> Result<StatusCode, Problem> {
    confirm(&ctx, &app, &caller, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn send(app: &App, member: &Member) -> Result<(), Problem> {
    rate_limits::take(&member.ctx, app, MAILS, &member.user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = users::account(&mut tx, member.user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    ask(&member.ctx, &mut tx, app, &account).await?;
    Ok(tx.commit().await?)
}

async fn ask_again(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    match send(&app, &member).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "verify-email-sent")),
        Err(problem) if problem.status() == StatusCode::TOO_MANY_REQUESTS => {
            Ok(ui::redirect_with_toast(&app.config, "/account/security", "danger", "verify-email-wait"))
        }
        Err(problem) => Err(problem),
    }
}

/// Sends the mail with the link once more.
#[utoipa::path(post, path = "/api/auth/verification", tag = "auth",
    responses((status = 202), (status = 401, description = "unauthorized"), (status = 429, description = "too_many_requests")))]
pub(super) async fn ask_again_api(State(app): State<App>, member: Member) -> Result<StatusCode, Problem> {
    send(&app, &member).await?;
    Ok(StatusCode::ACCEPTED)
}
