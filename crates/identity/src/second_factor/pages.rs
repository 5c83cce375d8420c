//! `/login/second-factor` asks for the second proof; `/account/security/…` shows new recovery codes and sets up an app.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::HeaderMap;
use kernel::Ctx;
use platform::http::{Anyone, Form, Member, Query, cookies, redirect_location};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{Messages, Page};

use super::change::{Renewed, renew_recovery_codes};
use super::complete::{complete_with_code, look};
use super::enter::challenge_cookie;
use super::model::Factors;
use crate::auth::LoggedIn;
use crate::auth::session_cookies::{self, Told};
use crate::passkeys::{self, AnswerForm, RelyingParty};
use crate::sessions::{Caller, SessionKind};
use crate::totp::{self, Enrolment, qr_code};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/login/second-factor", get(ask).post(submit))
        .route("/login/second-factor/passkey", post(submit_passkey))
        .route("/account/security/recovery-codes", post(renew_codes))
        .route("/account/security/totp", get(show_totp).post(begin_totp))
        .route("/account/security/totp/confirm", post(confirm_totp))
        .route("/account/security/totp/remove", post(remove_totp))
}

#[derive(Deserialize)]
struct Destination {
    next: Option<String>,
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
    told: Told,
}

#[derive(Template)]
#[template(path = "second_factor/codes.html")]
struct CodesTemplate {
    t: Messages,
    codes: Vec<String>,
}

#[derive(Template)]
#[template(path = "totp/set_up.html")]
struct SetUpTemplate {
    t: Messages,
    secret: String,
    address: String,
    qr_code: String,
    told: Told,
}

async fn ask(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    headers: HeaderMap,
    Query(to): Query<Destination>,
) -> Result<Response, Problem> {
    let next = redirect_location(to.next.as_deref());
    if ctx.user().is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    ask_page(&ctx, &app, &headers, next, Told::default()).await
}

/// The page for the challenge of the cookie; back to the log-in when it is over.
async fn ask_page(ctx: &Ctx, app: &App, headers: &HeaderMap, next: String, told: Told) -> Result<Response, Problem> {
    let token = cookies::get(headers, challenge_cookie(app)).unwrap_or_default();
    let Some((_, factors)) = look(ctx, app, token).await? else { return Ok(begin_anew(app, &next)) };
    let t = Messages::new(ctx.locale);
    let passkey_domain = RelyingParty::of(&app.config).filter(|_| factors.passkeys > 0);
    let passkey_domain = passkey_domain.map(|party| party.domain().to_owned());
    let body = AskTemplate { t, next, factors, passkey_domain, told }.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("factors-ask-title"), body).private().island("passkeys").into_response())
}

fn begin_anew(app: &App, next: &str) -> Response {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let path = format!("/login?next={next}");
    let mut response = ui::redirect_with_toast(&app.config, &path, "danger", "error-challenge-ended");
    session_cookies::add_cookie(&mut response, cookies::clear(&app.config, challenge_cookie(app)));
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
    let token = cookies::get(&headers, challenge_cookie(&app)).unwrap_or_default();
    let done = complete_with_code(&ctx, &app, token, &form.code, &caller).await;
    after(&ctx, &app, &headers, next, done).await
}

async fn submit_passkey(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    let token = cookies::get(&headers, challenge_cookie(&app)).unwrap_or_default();
    let done = passkeys::complete(&ctx, &app, token, form.answered(), &caller).await;
    after(&ctx, &app, &headers, form.next(), done).await
}

/// In, or the page again with what was wrong, or back to the beginning.
async fn after(
    ctx: &Ctx,
    app: &App,
    headers: &HeaderMap,
    next: String,
    done: Result<LoggedIn, Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(entered) => {
            let mut response = session_cookies::enter(app, &entered, &next);
            session_cookies::add_cookie(&mut response, cookies::clear(&app.config, challenge_cookie(app)));
            Ok(response)
        }
        Err(problem) if problem.code() == "challenge_ended" => Ok(begin_anew(app, &next)),
        Err(problem) if problem.status().is_client_error() => {
            let told = Told::of(app, ctx.locale, &problem, &[("wrong_code", "code")]);
            let page = ask_page(ctx, app, headers, next, told).await?;
            // After the last guess the answer is the way back, which has its own status.
            Ok(if page.status().is_redirection() { page } else { (problem.status(), page).into_response() })
        }
        Err(problem) => Err(problem),
    }
}

/// Shows recovery codes, which nobody sees again; where there are none to show, goes back and says what was done.
pub(crate) fn show_codes(ctx: &Ctx, app: &App, renewed: Renewed, done: &'static str) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    let mut response = if renewed.codes.is_empty() {
        ui::redirect_with_toast(&app.config, "/account/security", "success", done)
    } else {
        let body = CodesTemplate { t, codes: renewed.codes }.render().map_err(Problem::internal)?;
        session_cookies::secretive(Page::new(t.say("factors-codes-title"), body).private().into_response())
    };
    if let Some(session) = &renewed.session {
        session_cookies::set_session(&app.config, &mut response, session);
    }
    Ok(response)
}

/// Back to the page of the account's security: by way of a new proof where one is wanted, else with a word of what was
/// wrong.
pub(crate) fn back_to_security(app: &App, problem: Problem) -> Result<Response, Problem> {
    match problem.code() {
        "reauthentication_required" => Ok(Redirect::to("/account/confirm?next=/account/security").into_response()),
        code if problem.status().is_client_error() && problem.fields().is_empty() => {
            let key = format!("error-{}", code.replace('_', "-"));
            Ok(ui::redirect_with_toast(&app.config, "/account/security", "danger", &key))
        }
        _ => Err(problem),
    }
}

async fn renew_codes(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    match renew_recovery_codes(&ctx, &app).await {
        Ok(codes) => show_codes(&ctx, &app, Renewed { session: None, codes }, "saved"),
        Err(problem) => back_to_security(&app, problem),
    }
}

async fn begin_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    match totp::begin(&ctx, &app).await {
        Ok(_) => Ok(Redirect::to("/account/security/totp").into_response()),
        Err(problem) => back_to_security(&app, problem),
    }
}

async fn show_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    match totp::show(&ctx, &app).await {
        Ok(enrolment) => set_up_page(&ctx, enrolment, Told::default()),
        Err(problem) if problem.code() == "totp_not_begun" => Ok(Redirect::to("/account/security").into_response()),
        Err(problem) => back_to_security(&app, problem),
    }
}

fn set_up_page(ctx: &Ctx, enrolment: Enrolment, told: Told) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    let qr_code = qr_code(&enrolment.address)?;
    let template = SetUpTemplate { t, secret: enrolment.secret, address: enrolment.address, qr_code, told };
    let body = template.render().map_err(Problem::internal)?;
    Ok(session_cookies::secretive(Page::new(t.say("factors-totp-set-up-title"), body).private().into_response()))
}

async fn confirm_totp(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    match totp::confirm(&ctx, &app, &form.code, SessionKind::Cookie).await {
        Ok(renewed) => show_codes(&ctx, &app, renewed, "factors-totp-on"),
        Err(problem) if problem.code() == "invalid_input" || problem.code() == "too_many_requests" => {
            let told = Told::of(&app, ctx.locale, &problem, &[]);
            let page = set_up_page(&ctx, totp::show(&ctx, &app).await?, told)?;
            Ok((problem.status(), page).into_response())
        }
        Err(problem) => back_to_security(&app, problem),
    }
}

async fn remove_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    match totp::remove(&ctx, &app).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "factors-totp-off")),
        Err(problem) => back_to_security(&app, problem),
    }
}
