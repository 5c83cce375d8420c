//! `/account/security`: mail address, password, second factors and sessions.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use kernel::{SessionId, SystemReason};
use platform::http::{Form, Member, Path};
use platform::{App, Problem};
use ui::dates::{day, minute};
use ui::{FormErrors, Messages, Page};

use super::device_names::device_name;
use super::tabs::{Tab, tabs};
use crate::email_changes::queries::pending_email;
use crate::passwords::change::change_password;
use crate::passwords::policy::password_chars_min;
use crate::passwords::queries::find_password_hash;
use crate::responses::{error_page, form_value};
use crate::second_factor::queries::factors;
use crate::second_factor::sections::render_sections;
use crate::session_cookies::{AuthCookie, set_session};
use crate::sessions::caller::Caller;
use crate::sessions::lifecycle::end_other_sessions;
use crate::sessions::model::{OwnSession, SessionKind};
use crate::sessions::own::{end_own_session, list_own_sessions};
use crate::users::queries::account;

const PATH: &str = "/account/security";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show))
        .route("/account/password", post(submit_password))
        .route("/account/sessions/end-all", post(end_all))
        .route("/account/sessions/{id}/end", post(end_one))
}

struct SessionLine {
    id: SessionId,
    name: String,
    seen: String,
    since: String,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "account_settings/security.html")]
struct SecurityTemplate {
    t: Messages,
    tabs: Vec<Tab>,
    email: String,
    is_verified: bool,
    pending_email: Option<String>,
    typed_email: String,
    has_password: bool,
    password_hint: String,
    factors: String,
    sessions: Vec<SessionLine>,
    errors: FormErrors,
}

async fn show(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    security_page(&member, &app, "", FormErrors::default()).await
}

/// The page, with what was typed into the form for another address and the errors of a form.
pub(crate) async fn security_page(
    member: &Member,
    app: &App,
    typed_email: &str,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let (ctx, user) = (&member.ctx, &member.user);
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    let pending_email = pending_email(&mut tx, user.user_id, ctx.now()).await?;
    let has_password = find_password_hash(&mut tx, user.user_id).await?.is_some();
    let min = password_chars_min(factors(&mut tx, user.user_id).await?.is_on());
    let sessions = list_own_sessions(&mut tx, user.user_id, ctx.now()).await?;
    tx.commit().await?;
    let factors = render_sections(ctx, app).await?;
    let t = Messages::new(ctx.locale);
    let template = SecurityTemplate {
        t,
        tabs: tabs(t, PATH),
        is_verified: account.is_verified(),
        email: account.email,
        pending_email,
        typed_email: typed_email.to_owned(),
        has_password,
        password_hint: t.say_with("identity-password-hint", ui::arg("min", min)),
        factors,
        sessions: sessions.iter().map(|session| session_line(t, session, user.session_id)).collect(),
        errors,
    };
    let body = template.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("account-tab-security"), body).private().island("passkeys").into_response())
}

fn session_line(t: Messages, session: &OwnSession, this: SessionId) -> SessionLine {
    let name = match (device_name(&session.user_agent), session.kind) {
        (Some((browser, system)), _) => {
            t.say_with("account-session-device", ui::arg("browser", browser).arg("system", system))
        }
        (None, SessionKind::Bearer) => t.say("account-session-program"),
        (None, SessionKind::Cookie) => t.say("account-session-unknown"),
    };
    SessionLine {
        id: session.id,
        name,
        seen: t.say_with("account-session-seen", ui::arg("when", minute(t.locale(), session.last_seen_at))),
        since: t.say_with("account-session-since", ui::arg("when", day(t.locale(), session.created_at))),
        is_this: session.id == this,
    }
}

async fn submit_password(
    State(app): State<App>,
    member: Member,
    caller: Caller,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (current, new) = (form_value(&typed, "currentPassword"), form_value(&typed, "password"));
    match change_password(&member.ctx, &app, &caller, current, new).await {
        Ok(session) => {
            let mut response = ui::redirect_with_toast(&app.config, PATH, "success", "account-password-changed");
            set_session(&app.config, &mut response, session.as_ref());
            Ok(response)
        }
        Err(problem) if problem.status().is_client_error() => {
            let at = [("too_many_requests", "currentPassword")];
            let errors = FormErrors::of(&app.languages, member.ctx.locale, &problem, &at);
            Ok(error_page(&problem, security_page(&member, &app, "", errors).await?))
        }
        Err(problem) => Err(problem),
    }
}

async fn end_one(State(app): State<App>, member: Member, Path(id): Path<SessionId>) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    end_own_session(&member.ctx, &mut tx, member.user.user_id, id).await?;
    tx.commit().await?;
    if id == member.user.session_id {
        let mut response = Redirect::to("/").into_response();
        AuthCookie::Session.clear(&app.config, &mut response);
        return Ok(response);
    }
    Ok(ui::redirect_with_toast(&app.config, PATH, "success", "account-session-ended"))
}

async fn end_all(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    end_other_sessions(&member.ctx, &mut tx, member.user.user_id, None).await?;
    tx.commit().await?;
    let mut response = ui::redirect_with_toast(&app.config, "/login", "success", "account-sessions-ended");
    AuthCookie::Session.clear(&app.config, &mut response);
    Ok(response)
}
