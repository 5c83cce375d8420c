//! `/account/security`: address, password, second factors, and where somebody is logged in.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use kernel::{SessionId, SystemReason};
use platform::http::{Form, Member, Path};
use platform::{App, Problem};
use ui::{Messages, Page};

use super::{day, device_name, minute, tabs};
use crate::auth::session_cookies::{Told, forget_session, set_session, told_page};
use crate::passwords::{self, PASSWORD_CHARS_MIN, PASSWORD_CHARS_MIN_BESIDE_SECOND_FACTOR};
use crate::sessions::{self, Caller, OwnSession, SessionKind};
use crate::{email_changes, second_factor, users};

const HERE: &str = "/account/security";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(HERE, get(show))
        .route("/account/password", post(change_password))
        .route("/account/sessions/end-all", post(end_everywhere))
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
    tabs: Vec<(String, String, bool)>,
    email: String,
    is_verified: bool,
    pending_email: Option<String>,
    typed_email: String,
    has_password: bool,
    password_hint: String,
    factors: String,
    sessions: Vec<SessionLine>,
    told: Told,
}

async fn show(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    security(&member, &app, "", Told::default()).await
}

/// The page, with what was typed and what is wrong with it.
pub(crate) async fn security(member: &Member, app: &App, typed_email: &str, told: Told) -> Result<Response, Problem> {
    let (ctx, user) = (&member.ctx, &member.user);
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = users::account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    let pending_email = email_changes::queries::pending_email(&mut tx, user.user_id, ctx.now()).await?;
    let has_password = passwords::stored(&mut tx, user.user_id).await?.is_some();
    let has_second_factor = second_factor::factors(&mut tx, user.user_id).await?.is_on();
    let own = sessions::list(&mut tx, user.user_id, ctx.now()).await?;
    tx.commit().await?;
    let factors = second_factor::sections(ctx, app).await?.html;
    let t = Messages::new(ctx.locale);
    let min = if has_second_factor { PASSWORD_CHARS_MIN_BESIDE_SECOND_FACTOR } else { PASSWORD_CHARS_MIN };
    let template = SecurityTemplate {
        t,
        tabs: tabs(t, HERE),
        is_verified: account.is_verified(),
        email: account.email,
        pending_email,
        typed_email: typed_email.to_owned(),
        has_password,
        password_hint: t.say_with("identity-password-hint", ui::arg("min", min)),
        factors,
        sessions: own.iter().map(|session| line(t, session, user.session_id)).collect(),
        told,
    };
    let body = template.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("account-tab-security"), body).private().island("passkeys").into_response())
}

fn line(t: Messages, session: &OwnSession, this: SessionId) -> SessionLine {
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
        seen: t.say_with("account-session-seen", ui::arg("when", minute(t, session.last_seen_at))),
        since: t.say_with("account-session-since", ui::arg("when", day(t, session.created_at))),
        is_this: session.id == this,
    }
}

async fn change_password(
    State(app): State<App>,
    member: Member,
    caller: Caller,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let value = |wanted: &str| typed.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    match passwords::change(&member.ctx, &app, &caller, value("currentPassword"), value("password")).await {
        Ok(session) => {
            let mut response = ui::redirect_with_toast(&app.config, HERE, "success", "account-password-changed");
            if let Some(session) = session {
                set_session(&app.config, &mut response, &session);
            }
            Ok(response)
        }
        Err(problem) if problem.status().is_client_error() => {
            let told = Told::of(&app, member.ctx.locale, &problem, &[("too_many_requests", "currentPassword")]);
            Ok(told_page(&problem, security(&member, &app, "", told).await?))
        }
        Err(problem) => Err(problem),
    }
}

async fn end_one(State(app): State<App>, member: Member, Path(id): Path<SessionId>) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    sessions::end_own(&member.ctx, &mut tx, member.user.user_id, id).await?;
    tx.commit().await?;
    if id == member.user.session_id {
        let mut response = Redirect::to("/").into_response();
        forget_session(&app.config, &mut response);
        return Ok(response);
    }
    Ok(ui::redirect_with_toast(&app.config, HERE, "success", "account-session-ended"))
}

async fn end_everywhere(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    sessions::end_others(&member.ctx, &mut tx, member.user.user_id, None).await?;
    tx.commit().await?;
    let mut response = ui::redirect_with_toast(&app.config, "/login", "success", "account-sessions-ended");
    forget_session(&app.config, &mut response);
    Ok(response)
}
