//! `/account/confirm` and `POST /api/auth/reauthenticate`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode, header};
use platform::http::{Form, Json, Member, Query, redirect_location};
use platform::{App, Problem};
use serde::Deserialize;

use super::ask::{NEXT, PASSWORD, THEN, Way, form};
use super::prove;
use crate::auth::session_cookies::{Told, set_session};
use crate::sessions::Caller;

/// The routes of proving once more who one is.
pub fn routes() -> Router<App> {
    Router::new().route("/account/confirm", get(show).post(submit)).route("/api/auth/reauthenticate", post(prove_api))
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(prove_api))]
struct Described;

/// The OpenAPI description of proving once more who one is.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}

#[derive(Deserialize)]
struct Destination {
    next: Option<String>,
}

async fn show(State(app): State<App>, member: Member, Query(to): Query<Destination>) -> Result<Response, Problem> {
    let next = redirect_location(to.next.as_deref());
    form(&member.ctx, &app, Way { then: "", next: &next, kept: &[] }, Told::default(), StatusCode::OK).await
}

async fn submit(
    State(app): State<App>,
    member: Member,
    caller: Caller,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let value = |wanted: &str| typed.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    match prove(&member.ctx, &app, &caller, value(PASSWORD), PASSWORD).await {
        Ok(session) => {
            let mut response = onwards(value(THEN), value(NEXT));
            if let Some(session) = session {
                set_session(&app.config, &mut response, &session);
            }
            Ok(response)
        }
        Err(problem) if problem.status().is_client_error() => {
            let told = Told::of(&app, member.ctx.locale, &problem, &[]);
            let way = Way { then: value(THEN), next: value(NEXT), kept: &typed };
            form(&member.ctx, &app, way, told, problem.status()).await
        }
        Err(problem) => Err(problem),
    }
}

/// On to where somebody was. 307 makes the browser post the same body there; what is there reads its own fields of it.
fn onwards(then: &str, next: &str) -> Response {
    let then = redirect_location(Some(then));
    if then == "/" {
        return Redirect::to(&redirect_location(Some(next))).into_response();
    }
    match HeaderValue::from_str(&then) {
        Ok(location) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response(),
        Err(_) => Redirect::to("/").into_response(),
    }
}

/// A proof of identity.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct ProofBody {
    /// The password of the account.
    password: String,
}

/// Proves once more who asks; what needs a recent proof works for ten minutes.
#[utoipa::path(post, path = "/api/auth/reauthenticate", tag = "auth", request_body = ProofBody,
    responses((status = 204), (status = 401, description = "unauthorized"), (status = 422, description = "invalid_input"),
              (status = 429, description = "too_many_requests")))]
pub(super) async fn prove_api(
    State(app): State<App>,
    member: Member,
    caller: Caller,
    Json(body): Json<ProofBody>,
) -> Result<Response, Problem> {
    let session = prove(&member.ctx, &app, &caller, &body.password, "password").await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(session) = session {
        set_session(&app.config, &mut response, &session);
    }
    Ok(response)
}
