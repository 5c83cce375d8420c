//! `POST /account/email`, `POST /account/email/cancel`, `/account/email/confirm?code=…&type=…`.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kernel::SystemReason;
use platform::http::{Anyone, Form, Member, Query, unlinked};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{FormErrors, Messages, Page};

use super::confirm::confirm_change;
use super::model::{Confirmed, purpose_of};
use super::queries;
use super::request::{cancel_change, request_change};
use crate::account_settings::security::security_page;
use crate::one_time_links::consume::check_link;
use crate::one_time_links::invalid_link::{NewLinkAt, invalid_link_page};
use crate::one_time_links::model::LinkPurpose;
use crate::reauthentication::form::confirm_page;
use crate::responses::{error_page, form_value};
use crate::sessions::caller::Caller;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account/email", post(submit))
        .route("/account/email/cancel", post(submit_cancel))
        .route("/account/email/confirm", get(show_confirm).post(submit_confirm))
}

async fn submit(
    State(app): State<App>,
    member: Member,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let email = form_value(&typed, "email");
    match request_change(&member.ctx, &app, email).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "account-email-change-sent")),
        Err(problem) if problem.code() == "reauthentication_required" => {
            confirm_page(&member.ctx, &app, "/account/email", &typed).await
        }
        Err(problem) if problem.status().is_client_error() => {
            let at = [("too_many_requests", "email")];
            let errors = FormErrors::of(&app.languages, member.ctx.locale, &problem, &at);
            Ok(error_page(&problem, security_page(&member, &app, email, errors).await?))
        }
        Err(problem) => Err(problem),
    }
}

async fn submit_cancel(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    cancel_change(&member.ctx, &app).await?;
    Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "account-email-cancelled"))
}

/// The parameters of a link.
#[derive(Deserialize)]
struct LinkParams {
    #[serde(default)]
    code: String,
    #[serde(default)]
    r#type: String,
}

#[derive(Template)]
#[template(path = "email_changes/confirm.html")]
struct ConfirmTemplate<'a> {
    t: Messages,
    code: &'a str,
    kind: &'static str,
    detail: String,
}

async fn show_confirm(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(params): Query<LinkParams>,
) -> Result<Response, Problem> {
    let purpose = purpose_of(&params.r#type);
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = match check_link(&ctx, &mut tx, &params.code, purpose).await {
        Ok(link) => link,
        Err(error) => return invalid_link_page(&app, &ctx, error.into(), NewLinkAt::Account),
    };
    let email = queries::pending_email(&mut tx, link.user_id, ctx.now()).await?.unwrap_or_default();
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let is_new = purpose == LinkPurpose::ChangeEmailNew;
    let key = if is_new { "email-change-confirm-new" } else { "email-change-confirm-old" };
    let detail = t.say_with(key, ui::arg("email", email));
    let template = ConfirmTemplate { t, code: &params.code, kind: purpose.as_str(), detail };
    let body = template.render().map_err(Problem::internal)?;
    Ok(unlinked(Page::new(t.say("email-change-confirm-title"), body).private().into_response()))
}

async fn submit_confirm(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(params): Form<LinkParams>,
) -> Result<Response, Problem> {
    let key = match confirm_change(&ctx, &app, &caller, &params.code, purpose_of(&params.r#type)).await {
        Ok(Confirmed::Done) => "email-change-done",
        Ok(Confirmed::Half) => "email-change-half",
        Err(problem) => return invalid_link_page(&app, &ctx, problem, NewLinkAt::Account),
    };
    let next = if ctx.user().is_some() { "/account/security" } else { "/login" };
    Ok(ui::redirect_with_toast(&app.config, next, "success", key))
}
