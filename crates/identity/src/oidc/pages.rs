//! `/login/oidc` begins a login, `/login/oidc/callback` completes it; `/account/security/oidc/…` links and unlinks.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use kernel::{Ctx, SystemReason, UserId};
use platform::config::OidcSettings;
use platform::http::{Anyone, Member, Query};
use platform::{App, Problem};

use super::authorize::authorize;
use super::callback::{CallbackParams, exchange_code};
use super::link::{link, unlink};
use super::model::{CALLBACK_PATH, ExternalIdentity, Flow};
use super::provider::Provider;
use super::resolve_account::log_in_identity;
use super::state::Oidc;
use crate::account_settings::security_redirect::redirect_to_security;
use crate::responses::{NextParam, with_next};
use crate::session_cookies::AuthCookie;
use crate::sessions::caller::Caller;
use crate::sessions::proof::require_recent_proof;

pub(super) fn routes() -> Router<Oidc> {
    Router::new()
        .route("/login/oidc", get(log_in))
        .route(CALLBACK_PATH, get(callback))
        .route("/account/security/oidc/link", get(begin_link))
        .route("/account/security/oidc/unlink", post(submit_unlink))
}

/// The settings of the provider; 404 without a provider.
fn settings(app: &App) -> Result<&OidcSettings, Problem> {
    app.config.oidc.as_ref().ok_or_else(Problem::not_found)
}

async fn log_in(
    State(Oidc { app, provider }): State<Oidc>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Query(to): Query<NextParam>,
) -> Result<Response, Problem> {
    let next = to.path();
    if ctx.user().is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    let provider = (&provider, settings(&app)?);
    let result = redirect_to_provider(&ctx, &app, provider, (&caller, &headers), None, &next).await;
    result.or_else(|problem| redirect_to_login(&app, problem, &next))
}

/// Begins to link. This is a `GET`, because the CSP allows no form that leads to another site; so the request must come from
/// a page of this site.
async fn begin_link(
    State(Oidc { app, provider }): State<Oidc>,
    Member { ctx, user }: Member,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provider = (&provider, settings(&app)?);
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()).unwrap_or("none");
    if !matches!(site, "same-origin" | "none") {
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin"));
    }
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let proof = require_recent_proof(&ctx, &mut tx).await;
    tx.commit().await?;
    if let Err(problem) = proof {
        return redirect_to_security(&app, problem);
    }
    let (from, next) = ((&caller, &headers), "/account/security");
    let result = redirect_to_provider(&ctx, &app, provider, from, Some(user.user_id), next).await;
    result.or_else(|problem| redirect_to_security(&app, problem))
}

async fn redirect_to_provider(
    ctx: &Ctx,
    app: &App,
    provider: (&Provider, &OidcSettings),
    from: (&Caller, &HeaderMap),
    linking: Option<UserId>,
    next: &str,
) -> Result<Response, Problem> {
    let authorization = authorize(ctx, app, provider, from, linking, next).await?;
    let mut response = Redirect::to(authorization.url.as_str()).into_response();
    AuthCookie::OidcFlow.set(&app.config, &mut response, authorization.browser.reveal());
    Ok(response)
}

async fn callback(
    State(Oidc { app, provider }): State<Oidc>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Query(params): Query<CallbackParams>,
) -> Result<Response, Problem> {
    let settings = settings(&app)?;
    match exchange_code(&ctx, &app, (&provider, settings), &headers, params).await {
        Ok((identity, flow)) => complete(&ctx, &app, settings, &caller, (&identity, &flow)).await,
        Err(problem) if ctx.user().is_some() => redirect_to_security(&app, problem),
        Err(problem) => redirect_to_login(&app, problem, "/"),
    }
}

async fn complete(
    ctx: &Ctx,
    app: &App,
    settings: &OidcSettings,
    caller: &Caller,
    (identity, flow): (&ExternalIdentity, &Flow),
) -> Result<Response, Problem> {
    if flow.user_id.is_some() {
        return match link(ctx, app, settings, identity).await {
            Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "factors-site-linked")),
            Err(problem) => redirect_to_security(app, problem),
        };
    }
    match log_in_identity(ctx, app, settings, identity, caller).await {
        Ok(outcome) => Ok(outcome.for_browser(app, &flow.next_path)),
        Err(problem) => redirect_to_login(app, problem, &flow.next_path),
    }
}

async fn submit_unlink(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    let settings = settings(&app)?;
    match unlink(&ctx, &app, settings).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "factors-site-unlinked")),
        Err(problem) => redirect_to_security(&app, problem),
    }
}

/// The login page with a toast about the problem; a server error other than `oidc_unavailable` stays one.
fn redirect_to_login(app: &App, problem: Problem, next: &str) -> Result<Response, Problem> {
    if !problem.status().is_client_error() && problem.code() != "oidc_unavailable" {
        return Err(problem);
    }
    tracing::info!(code = problem.code(), "a login by the OpenID provider failed");
    let key = format!("error-{}", problem.code().replace('_', "-"));
    Ok(ui::redirect_with_toast(&app.config, &with_next("/login", next), "danger", &key))
}
