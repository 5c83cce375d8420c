//! Finds out who asks.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, header};
use kernel::{Actor, Standing, SystemReason, UserActor};
use platform::config::Config;
use platform::http::cookies;
use platform::{DatabaseFault, House, Problem};

use super::model::{IDLE_LIFETIME, SessionKind, SessionToken, TOUCH_EVERY};
use super::queries;

/// The name of the session cookie. `__Host-` ties it to this host and to TLS, which a plain local address cannot have.
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-machiya_session" } else { "machiya_session" }
}

/// Puts the [`Actor`] into the request. A token that is not valid (any more) makes a bearer caller 401 and a browser
/// anonymous. Files and assets have no actor, so nobody is looked up for them.
pub async fn resolve_actor(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/")
        || path.starts_with("/files/")
        || matches!(path, "/healthz" | "/readyz" | "/metrics")
    {
        return next.run(request).await;
    }
    let Some((token, kind)) = presented(&house.config, request.headers()) else {
        return next.run(request).await;
    };
    match find(&house, &token, kind).await {
        Ok(Some(user)) => {
            request.extensions_mut().insert(Actor::User(user));
            next.run(request).await
        }
        Ok(None) if kind == SessionKind::Bearer => Problem::unauthorized().into_response(),
        Ok(None) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// `Authorization: Bearer` counts before the cookie: a program says expressly who it is.
fn presented(config: &Config, headers: &HeaderMap) -> Option<(SessionToken, SessionKind)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let token = text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("bearer ")).unwrap_or_default().trim();
        // A token that is none of ours still was meant to be one: it must not silently become anonymous.
        let token = SessionToken::parse(token).unwrap_or(SessionToken::unknown());
        return Some((token, SessionKind::Bearer));
    }
    let token = cookies::get(headers, cookie_name(config)).and_then(SessionToken::parse)?;
    Some((token, SessionKind::Cookie))
}

async fn find(house: &House, token: &SessionToken, kind: SessionKind) -> Result<Option<UserActor>, DatabaseFault> {
    let now = house.clock.now();
    let mut tx = house.db.begin_system(SystemReason::Authentication).await?;
    let found = queries::find(&mut tx, &token.hash(), kind, now, now - IDLE_LIFETIME).await?;
    if let Some(found) = &found
        && found.last_seen_at < now - TOUCH_EVERY
    {
        queries::touch(&mut tx, found.session_id, now).await?;
    }
    tx.commit().await?;
    Ok(found.map(|found| UserActor {
        user_id: found.user_id,
        session_id: found.session_id,
        role: found.role,
        standing: if found.is_banned { Standing::Banned } else { Standing::Good },
        display_name: found.display_name,
    }))
}
