//! Somebody's own list of where they are logged in, and the API of it.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get};
use http::StatusCode;
use kernel::{Ctx, SessionId, SystemReason, UserId};
use platform::http::{Member, Path};
use platform::{App, DatabaseError, Problem, Tx};
use serde::Serialize;
use time::OffsetDateTime;

use super::model::{IDLE_LIFETIME, SessionKind};
use super::{end_others, queries};
use crate::auth::api::private;
use crate::auth::session_cookies::forget_session;

/// A session as its person sees it: no place, since an address tells less of one than it seems.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnSession {
    /// Its id.
    pub id: SessionId,
    /// A browser's or a program's.
    pub kind: SessionKind,
    /// What the browser or program calls itself.
    pub user_agent: String,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last used, to five minutes.
    #[serde(with = "time::serde::rfc3339")]
    pub last_seen_at: OffsetDateTime,
}

/// The sessions of a person that go on, the last used first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(tx: &mut Tx, user_id: UserId, now: OffsetDateTime) -> Result<Vec<OwnSession>, DatabaseError> {
    queries::list(tx, user_id, now, now - IDLE_LIFETIME).await
}

/// Ends one of somebody's own sessions, in a transaction of the platform.
///
/// # Errors
/// 404 when there is no such session of theirs.
pub async fn end_own(ctx: &Ctx, tx: &mut Tx, user_id: UserId, id: SessionId) -> Result<(), Problem> {
    if queries::revoke_own(tx, user_id, id, ctx.now()).await? { Ok(()) } else { Err(Problem::not_found()) }
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/sessions", get(list_api).delete(end_everywhere_api))
        .route("/api/auth/sessions/{id}", delete(end_api))
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(list_api, end_api, end_everywhere_api))]
struct Described;

/// The OpenAPI description of somebody's own sessions.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}

/// Where somebody is logged in.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionsBody {
    sessions: Vec<OwnSession>,
    /// The session that asks.
    current: SessionId,
}

/// Where one is logged in.
#[utoipa::path(get, path = "/api/auth/sessions", tag = "auth", responses((status = 200, body = SessionsBody)))]
pub(super) async fn list_api(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let sessions = list(&mut tx, member.user.user_id, member.ctx.now()).await?;
    tx.commit().await?;
    Ok(private(SessionsBody { sessions, current: member.user.session_id }).into_response())
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
    end_own(&member.ctx, &mut tx, member.user.user_id, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs out everywhere, here too.
#[utoipa::path(delete, path = "/api/auth/sessions", tag = "auth", responses((status = 204)))]
pub(super) async fn end_everywhere_api(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    end_others(&member.ctx, &mut tx, member.user.user_id, None).await?;
    tx.commit().await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    forget_session(&app.config, &mut response);
    Ok(response)
}
