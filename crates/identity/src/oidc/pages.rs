//! `/login/oidc` leads to the other site, `/login/oidc/callback` back; `/account/security/oidc/…` links and unlinks.

use axum::Router;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use kernel::{Ctx, SystemReason, UserId};
use platform::config::OidcSettings;
use platform::http::{Anyone, Member, Query, cookies, redirect_location};
use platform::{App, Problem};
use serde::Deserialize;

use super::authorize::{authorize, browser_cookie};
use super::callback::{CallbackParams, exchange_code};
use super::link::{link, unlink as take_away};
use super::model::{ExternalIdentity, FLOW_LIFETIME, Flow};
use super::provider::Provider;
use super::resolve_account;
use crate::auth::session_cookies::add_cookie;
use crate::second_factor::back_to_security;
use crate::sessions::{Caller, require_recent_proof};

/// Where the other site sends people back to; to be named there when the platform is registered.
pub(super) const CALLBACK: &str = "/login/oidc/callback";

/// The routes of the log-in by another site.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/login/oidc", get(log_in))
        .route(CALLBACK, get(callback))
        .route("/account/security/oidc/link", get(begin_link))
        .route("/account/security/oidc/unlink", post(unlink))
        .layer(Extension(Provider::default()))
}

#[derive(Deserialize)]
struct Destination {
    next: Option<String>,
}

/// 404 where no such log-in is configured.
fn settings(app: &App) -> Result<&OidcSettings, Problem> {
    app.config.oidc.as_ref().ok_or_else(Problem::not_found)
}

async fn log_in(
    State(app): State<App>,
    Extension(provider): Extension<Provider>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Query(to): Query<Destination>,
) -> Result<Response, Problem> {
    let next = redirect_location(to.next.as_deref());
    if ctx.user().is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    let way = (&provider, settings(&app)?);
    let gone = go(&ctx, &app, way, (&caller, &headers), None, &next).await;
    gone.or_else(|problem| back_to_log_in(&app, problem, &next))
}

/// Linking begins with a link, not with a form, because a form may not lead to another site; so that no other site can
/// begin it, only a page of ours may.
async fn begin_link(
    State(app): State<App>,
    Extension(provider): Extension<Provider>,
    Member { ctx, user }: Member,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let way = (&provider, settings(&app)?);
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()).unwrap_or("none");
    if !matches!(site, "same-origin" | "none") {
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin"));
    }
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let proof = require_recent_proof(&ctx, &mut tx).await;
    tx.commit().await?;
    if let Err(problem) = proof {
        return back_to_security(&app, problem);
    }
    let gone = go(&ctx, &app, way, (&caller, &headers), Some(user.user_id), "/account/security").await;
    gone.or_else(|problem| back_to_security(&app, problem))
}

async fn go(
    ctx: &Ctx,
    app: &App,
    way: (&Provider, &OidcSettings),
    from: (&Caller, &HeaderMap),
    linking: Option<UserId>,
    next: &str,
) -> Result<Response, Problem> {
    let leaving = authorize(ctx, app, way, from, linking, next).await?;
    let mut response = Redirect::to(leaving.address.as_str()).into_response();
    let cookie = cookies::set(&app.config, browser_cookie(app), leaving.browser.reveal(), FLOW_LIFETIME);
    add_cookie(&mut response, cookie);
    Ok(response)
}

async fn callback(
    State(app): State<App>,
    Extension(provider): Extension<Provider>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Query(way): Query<CallbackParams>,
) -> Result<Response, Problem> {
    let settings = settings(&app)?;
    match exchange_code(&ctx, &app, (&provider, settings), &headers, way).await {
        Ok((stranger, flow)) => arrive(&ctx, &app, settings, &caller, (&stranger, &flow)).await,
        Err(problem) if ctx.user().is_some() => back_to_security(&app, problem),
        Err(problem) => back_to_log_in(&app, problem, "/"),
    }
}

async fn arrive(
    ctx: &Ctx,
    app: &App,
    settings: &OidcSettings,
    caller: &Caller,
    (stranger, flow): (&ExternalIdentity, &Flow),
) -> Result<Response, Problem> {
    if flow.user_id.is_some() {
        return match link(ctx, app, settings, stranger).await {
            Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "factors-site-linked")),
            Err(problem) => back_to_security(app, problem),
        };
    }
    match resolve_account::enter(ctx, app, settings, stranger, caller).await {
        Ok(entry) => Ok(entry.for_browser(app, &flow.next_path)),
        Err(problem) => back_to_log_in(app, problem, &flow.next_path),
    }
}

async fn unlink(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    let settings = settings(&app)?;
    match take_away(&ctx, &app, settings).await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/security", "success", "factors-site-unlinked")),
        Err(problem) => back_to_security(&app, problem),
    }
}

/// The log-in page with a word of what went wrong; a fault of ours stays one.
fn back_to_log_in(app: &App, problem: Problem, next: &str) -> Result<Response, Problem> {
    if !problem.status().is_client_error() && problem.code() != "oidc_unavailable" {
        return Err(problem);
    }
    tracing::info!(code = problem.code(), "a log-in by another site came to nothing");
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let key = format!("error-{}", problem.code().replace('_', "-"));
    Ok(ui::redirect_with_toast(&app.config, &format!("/login?next={next}"), "danger", &key))
}
