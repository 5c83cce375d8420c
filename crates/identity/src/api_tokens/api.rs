//! `GET|POST /api/account/tokens`, `DELETE /api/account/tokens/{id}`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get};
use http::StatusCode;
use kernel::SystemReason;
use platform::http::{Json, Member, Path};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};

use super::{ApiToken, ApiTokenId, NewApiToken, make, queries, revoke};
use crate::auth::api::private;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/account/tokens", get(list_api).post(make_api))
        .route("/api/account/tokens/{id}", delete(revoke_api))
}

/// A token that somebody wants.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct NewApiTokenBody {
    /// What to call it, 60 characters at most.
    name: String,
    /// What it may do: `read`, `make`, `publish`, `buy`, `account`.
    scopes: Vec<String>,
    /// After how many days it ends, 1 to 366; 90 when nobody says.
    #[serde(default = "ninety")]
    days: i64,
}

const fn ninety() -> i64 {
    90
}

/// The tokens of a person.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct ApiTokensBody {
    tokens: Vec<ApiToken>,
}

/// A token that was just made.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct MadeApiTokenBody {
    token: ApiToken,
    /// For `Authorization: Bearer`; shown only now.
    secret: String,
}

/// The tokens that work.
#[utoipa::path(get, path = "/api/account/tokens", tag = "account", responses((status = 200, body = ApiTokensBody)))]
pub(super) async fn list_api(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let tokens = queries::list(&mut tx, member.user.user_id, member.ctx.now()).await?;
    tx.commit().await?;
    Ok(private(ApiTokensBody { tokens }).into_response())
}

/// Makes a token for a program.
#[utoipa::path(post, path = "/api/account/tokens", tag = "account", request_body = NewApiTokenBody,
    responses((status = 201, body = MadeApiTokenBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "too_many_tokens"), (status = 422, description = "invalid_input")))]
pub(super) async fn make_api(
    State(app): State<App>,
    member: Member,
    Json(body): Json<NewApiTokenBody>,
) -> Result<Response, Problem> {
    let new = NewApiToken::check(&body.name, &body.scopes, body.days)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let (token, secret) = make(&member.ctx, &mut tx, new).await?;
    tx.commit().await?;
    let body = MadeApiTokenBody { token, secret: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, private(body)).into_response())
}

/// Ends a token.
#[utoipa::path(delete, path = "/api/account/tokens/{id}", tag = "account", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 404, description = "not_found")))]
pub(super) async fn revoke_api(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ApiTokenId>,
) -> Result<StatusCode, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    revoke(&member.ctx, &mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
