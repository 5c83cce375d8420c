//! `/verify-email` (the page of the link) and `POST /account/email/verification`.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::StatusCode;
use kernel::SystemReason;
use platform::http::{Anyone, Form, Member, Query, unlinked};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{Messages, Page};

use super::send::send_again;
use super::verify::verify;
use crate::one_time_links::consume::check_link;
use crate::one_time_links::invalid_link::{NewLinkAt, invalid_link_page};
use crate::one_time_links::model::LinkPurpose;
use crate::sessions::caller::Caller;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/verify-email", get(show).post(submit))
        .route("/account/email/verification", post(submit_again))
}

#[derive(Deserialize)]
struct CodeParam {
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
    Query(CodeParam { code }): Query<CodeParam>,
) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    if let Err(error) = check_link(&ctx, &mut tx, &code, LinkPurpose::VerifyEmail).await {
        return invalid_link_page(&app, &ctx, error.into(), NewLinkAt::Account);
    }
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let body = VerifyTemplate { t, code: &code }.render().map_err(Problem::internal)?;
    Ok(unlinked(Page::new(t.say("verify-email-title"), body).private().into_response()))
}

async fn submit(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(CodeParam { code }): Form<CodeParam>,
) -> Result<Response, Problem> {
    if let Err(problem) = verify(&ctx, &app, &caller, &code).await {
        return invalid_link_page(&app, &ctx, problem, NewLinkAt::Account);
    }
    let next = if ctx.user().is_some() { "/studio" } else { "/login" };
    Ok(ui::redirect_with_toast(&app.config, next, "success", "verify-email-done"))
}

async fn submit_again(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    match send_again(&app, &member).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "verify-email-sent")),
        Err(problem) if problem.status() == StatusCode::TOO_MANY_REQUESTS => {
            Ok(ui::redirect_with_toast(&app.config, "/account/security", "danger", "verify-email-wait"))
        }
        Err(problem) => Err(problem),
    }
}
