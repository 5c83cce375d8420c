//! `/login/second-factor` asks for the second factor; `/account/security/…` renews recovery codes and sets up an
//! authenticator app.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::HeaderMap;
use kernel::Ctx;
use platform::http::{Anyone, Form, Member, Query, redirect_location, unlinked};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{FormErrors, Messages, Page};

use super::change::{FactorAdded, renew_recovery_codes};
use super::complete::{complete_with_code, find_challenge};
use super::model::Factors;
use super::show_codes::show_codes;
use crate::account_settings::security_redirect::redirect_to_security;
use crate::auth::logged_in::logged_in_redirect;
use crate::auth::model::LoggedIn;
use crate::passkeys::model::{AnswerForm, RelyingParty};
use crate::passkeys::prove::complete_with_answer;
use crate::responses::{NextParam, error_page, with_next};
use crate::session_cookies::AuthCookie;
use crate::sessions::caller::Caller;
use crate::sessions::model::SessionKind;
use crate::totp::model::qr_code;
use crate::totp::set_up::{Enrolment, begin_set_up, confirm_set_up, remove_app, show_set_up};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/login/second-factor", get(show).post(submit))
        .route("/login/second-factor/passkey", post(submit_passkey))
        .route("/account/security/recovery-codes", post(renew_codes))
        .route("/account/security/totp", get(show_totp).post(begin_totp))
        .route("/account/security/totp/confirm", post(confirm_totp))
        .route("/account/security/totp/remove", post(remove_totp))
}

#[derive(Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "second_factor/ask.html")]
struct AskTemplate {
    t: Messages,
    next: String,
    factors: Factors,
    passkey_domain: Option<String>,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "totp/set_up.html")]
struct SetUpTemplate {
    t: Messages,
    secret: String,
    address: String,
    qr_code: String,
    errors: FormErrors,
}

async fn show(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    headers: HeaderMap,
    Query(to): Query<NextParam>,
) -> Result<Response, Problem> {
    if ctx.user().is_some() {
        return Ok(Redirect::to(&to.path()).into_response());
    }
    ask_page(&ctx, &app, &headers, to.path(), FormErrors::default()).await
}

/// The form for the challenge of the cookie; a redirect to the login when the challenge has ended.
async fn ask_page(
    ctx: &Ctx,
    app: &App,
    headers: &HeaderMap,
    next: String,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let token = AuthCookie::Challenge.read(&app.config, headers).unwrap_or_default();
    let Some((_, factors)) = find_challenge(ctx, app, token).await? else { return Ok(back_to_login(app, &next)) };
    let t = Messages::new(ctx.locale);
    let passkey_domain = RelyingParty::of(&app.config).filter(|_| factors.passkeys > 0);
    let passkey_domain = passkey_domain.map(|party| party.domain().to_owned());
    let body = AskTemplate { t, next, factors, passkey_domain, errors }.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("factors-ask-title"), body).private().island("passkeys").into_response())
}

fn back_to_login(app: &App, next: &str) -> Response {
    let path = with_next("/login", next);
    let mut response = ui::redirect_with_toast(&app.config, &path, "danger", "error-challenge-ended");
    AuthCookie::Challenge.clear(&app.config, &mut response);
    response
}

async fn submit(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    let next = redirect_location(form.next.as_deref());
    let token = AuthCookie::Challenge.read(&app.config, &headers).unwrap_or_default();
    let result = complete_with_code(&ctx, &app, token, &form.code, &caller).await;
    answer(&ctx, &app, &headers, next, result).await
}

async fn submit_passkey(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    let token = AuthCookie::Challenge.read(&app.config, &headers).unwrap_or_default();
    let result = complete_with_answer(&ctx, &app, token, form.answer(), &caller).await;
    answer(&ctx, &app, &headers, form.next(), result).await
}

/// A redirect to `next` after a success, the form with its errors, or a redirect to the login when the challenge has ended.
async fn answer(
    ctx: &Ctx,
    app: &App,
    headers: &HeaderMap,
    next: String,
    result: Result<LoggedIn, Problem>,
) -> Result<Response, Problem> {
    match result {
        Ok(logged_in) => {
            let mut response = logged_in_redirect(app, &logged_in, &next);
            AuthCookie::Challenge.clear(&app.config, &mut response);
            Ok(response)
        }
        Err(problem) if problem.code() == "challenge_ended" => Ok(back_to_login(app, &next)),
        Err(problem) if problem.status().is_client_error() => {
            let errors = FormErrors::of(&app.languages, ctx.locale, &problem, &[("wrong_code", "code")]);
            let page = ask_page(ctx, app, headers, next, errors).await?;
            // After the last attempt the challenge has ended, and the answer is the redirect to the login.
            Ok(if page.status().is_redirection() { page } else { error_page(&problem, page) })
        }
        Err(problem) => Err(problem),
    }
}

async fn renew_codes(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    match renew_recovery_codes(&ctx, &app).await {
        Ok(codes) => show_codes(&ctx, &app, FactorAdded { session: None, codes }, "saved"),
        Err(problem) => redirect_to_security(&app, problem),
    }
}

async fn begin_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    match begin_set_up(&ctx, &app).await {
        Ok(_) => Ok(Redirect::to("/account/security/totp").into_response()),
        Err(problem) => redirect_to_security(&app, problem),
    }
}

async fn show_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    match show_set_up(&ctx, &app).await {
        Ok(enrolment) => set_up_page(&ctx, enrolment, FormErrors::default()),
        Err(problem) if problem.code() == "totp_not_begun" => Ok(Redirect::to("/account/security").into_response()),
        Err(problem) => redirect_to_security(&app, problem),
    }
}

fn set_up_page(ctx: &Ctx, enrolment: Enrolment, errors: FormErrors) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    let qr_code = qr_code(&enrolment.address)?;
    let template = SetUpTemplate { t, secret: enrolment.secret, address: enrolment.address, qr_code, errors };
    let body = template.render().map_err(Problem::internal)?;
    Ok(unlinked(Page::new(t.say("factors-totp-set-up-title"), body).private().into_response()))
}

async fn confirm_totp(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    match confirm_set_up(&ctx, &app, &form.code, SessionKind::Cookie).await {
        Ok(added) => show_codes(&ctx, &app, added, "factors-totp-on"),
        Err(problem) if problem.code() == "invalid_input" || problem.code() == "too_many_requests" => {
            let errors = FormErrors::of(&app.languages, ctx.locale, &problem, &[]);
            Ok(error_page(&problem, set_up_page(&ctx, show_set_up(&ctx, &app).await?, errors)?))
        }
        Err(problem) => redirect_to_security(&app, problem),
    }
}

async fn remove_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    match remove_app(&ctx, &app).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "factors-totp-off")),
        Err(problem) => redirect_to_security(&app, problem),
    }
}
