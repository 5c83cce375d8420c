//! `GET|DELETE /api/auth/sessions`, `DELETE /api/auth/sessions/{id}`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get};
use http::StatusCode;
use kernel::{SessionId, SystemReason};
use platform::http::{Member, Path};
use platform::{App, Problem};
use serde::Serialize;

use super::lifecycle::end_other_sessions;
use super::model::OwnSession;
use super::own::{end_own_session, list_own_sessions};
use crate::responses::private_json;
use crate::session_cookies::AuthCookie;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/sessions", get(list_api).delete(end_all_api))
        .route("/api/auth/sessions/{id}", delete(end_api))
}

/// The sessions of the account.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionsBody {
    sessions: Vec<OwnSession>,
    /// The session of this request.
    current: SessionId,
}

/// The sessions of the account, the last used first.
#[utoipa::path(get, path = "/api/auth/sessions", tag = "auth", responses((status = 200, body = SessionsBody)))]
pub(super) async fn list_api(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let sessions = list_own_sessions(&mut tx, member.user.user_id, member.ctx.now()).await?;
    tx.commit().await?;
    Ok(private_json(SessionsBody { sessions, current: member.user.session_id }))
}

/// Ends one session.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", tag = "auth", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 404, description = "not_found")))]
pub(super) async fn end_api(
    State(app): State<App>,
    member: Member,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    end_own_session(&member.ctx, &mut tx, member.user.user_id, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every session of the account, this one included.
#[utoipa::path(delete, path = "/api/auth/sessions", tag = "auth", responses((status = 204)))]
pub(super) async fn end_all_api(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    end_other_sessions(&member.ctx, &mut tx, member.user.user_id, None).await?;
    tx.commit().await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    AuthCookie::Session.clear(&app.config, &mut response);
    Ok(response)
}
