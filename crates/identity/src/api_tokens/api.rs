//! `GET|POST /api/account/tokens`, `DELETE /api/account/tokens/{id}`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get};
use http::StatusCode;
use platform::http::{Json, Member, Path};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};

use super::create::{create_api_token, revoke_api_token};
use super::model::{ApiToken, ApiTokenId, DAYS_DEFAULT, NewApiToken};
use super::queries;
use crate::responses::private_json;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/account/tokens", get(list_api).post(create_api))
        .route("/api/account/tokens/{id}", delete(revoke_api))
}

/// A token to be created.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct NewApiTokenBody {
    /// Its name, 60 characters at most.
    name: String,
    /// What it may do: `read`, `generations:write`, `listings:write`, `orders:write`, `account:write`.
    scopes: Vec<String>,
    /// Its lifetime in days, 1 to 366; 90 when it is left out.
    #[serde(default = "default_days")]
    days: i64,
}

const fn default_days() -> i64 {
    DAYS_DEFAULT
}

/// The valid tokens of the account.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct ApiTokensBody {
    tokens: Vec<ApiToken>,
}

/// A token that was created.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct CreatedApiTokenBody {
    token: ApiToken,
    /// For `Authorization: Bearer`; shown only now.
    secret: String,
}

/// The valid tokens of the account, the newest first.
#[utoipa::path(get, path = "/api/account/tokens", tag = "account", responses((status = 200, body = ApiTokensBody)))]
pub(super) async fn list_api(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let tokens = queries::list(&mut tx, member.user.user_id, member.ctx.now()).await?;
    tx.commit().await?;
    Ok(private_json(ApiTokensBody { tokens }))
}

/// Creates a token.
#[utoipa::path(post, path = "/api/account/tokens", tag = "account", request_body = NewApiTokenBody,
    responses((status = 201, body = CreatedApiTokenBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "too_many_tokens"), (status = 422, description = "invalid_input")))]
pub(super) async fn create_api(
    State(app): State<App>,
    member: Member,
    Json(body): Json<NewApiTokenBody>,
) -> Result<Response, Problem> {
    let new = NewApiToken::check(&body.name, &body.scopes, body.days)?;
    let (token, secret) = create_api_token(&member.ctx, &app, new).await?;
    let body = CreatedApiTokenBody { token, secret: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, private_json(body)).into_response())
}

/// Revokes a token.
#[utoipa::path(delete, path = "/api/account/tokens/{id}", tag = "account", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 404, description = "not_found")))]
pub(super) async fn revoke_api(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ApiTokenId>,
) -> Result<StatusCode, Problem> {
    revoke_api_token(&member.ctx, &app, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
