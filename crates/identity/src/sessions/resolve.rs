//! Resolves the actor of a request from its session cookie or bearer token.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, header};
use kernel::{Actor, SystemReason, UserActor};
use platform::config::Config;
use platform::http::Access;
use platform::{App, DatabaseError, Problem};

use super::model::{IDLE_LIFETIME, SessionKind, SessionToken, TOUCH_INTERVAL};
use super::queries;
use crate::api_tokens::find::find_api_token;
use crate::api_tokens::model::ApiTokenSecret;
use crate::session_cookies::AuthCookie;
use crate::supabase_tokens::find::SupabaseTokens;
use crate::users::model::actor;

/// The state of [`resolve_actor`]: the platform and, where configured, the keys of a Supabase project.
#[derive(Clone)]
pub(crate) struct Resolver {
    app: App,
    supabase: Option<SupabaseTokens>,
}

/// What a request presents as its credentials.
enum Presented {
    Session(SessionToken, SessionKind),
    ApiToken(ApiTokenSecret),
    /// A bearer token that is not ours; it may be a Supabase project's.
    Foreign(String),
}

/// Puts the [`Actor`] and its [`Access`] into the request. An invalid bearer token is answered 401; an invalid cookie
/// makes the request anonymous. Files, assets and probes have no actor, so nothing is looked up for them.
pub(crate) async fn resolve_actor(State(resolver): State<Resolver>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/")
        || path.starts_with("/files/")
        || matches!(path, "/healthz" | "/readyz" | "/metrics")
    {
        return next.run(request).await;
    }
    let Some(presented) = presented(&resolver.app.config, request.headers()) else {
        return next.run(request).await;
    };
    let is_cookie = matches!(presented, Presented::Session(_, SessionKind::Cookie));
    match resolver.find(presented).await {
        Ok(Some((user, access))) => {
            request.extensions_mut().insert(Actor::User(user));
            request.extensions_mut().insert(access);
            next.run(request).await
        }
        Ok(None) if is_cookie => next.run(request).await,
        Ok(None) => Problem::unauthorized().into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// The credentials of a request. `Authorization: Bearer` takes precedence over the cookie. A bearer token of unknown form
/// is still presented, so that it is refused and not treated as anonymous.
fn presented(config: &Config, headers: &HeaderMap) -> Option<Presented> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let token = text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("bearer ")).unwrap_or_default().trim();
        if let Some(secret) = ApiTokenSecret::parse(token) {
            return Some(Presented::ApiToken(secret));
        }
        let session = SessionToken::parse(token).map(|token| Presented::Session(token, SessionKind::Bearer));
        return Some(session.unwrap_or_else(|| Presented::Foreign(token.to_owned())));
    }
    let token = AuthCookie::Session.read(config, headers).and_then(SessionToken::parse)?;
    Some(Presented::Session(token, SessionKind::Cookie))
}

impl Resolver {
    /// A resolver with the configured keys.
    pub(crate) fn new(app: &App) -> Self {
        Self { app: app.clone(), supabase: SupabaseTokens::of(app) }
    }

    /// The account behind the credentials and what the request may do; `None` when they are not valid.
    async fn find(&self, presented: Presented) -> Result<Option<(UserActor, Access)>, Problem> {
        match presented {
            Presented::Session(token, kind) => Ok(find_session(&self.app, &token, kind).await?),
            Presented::ApiToken(secret) => {
                let mut tx = self.app.db.begin_system(SystemReason::Authentication).await?;
                let found = find_api_token(&mut tx, &secret, self.app.clock.now()).await?;
                tx.commit().await?;
                Ok(found)
            }
            Presented::Foreign(token) => match &self.supabase {
                Some(supabase) => supabase.find(&self.app, &token).await,
                None => Ok(None),
            },
        }
    }
}

async fn find_session(
    app: &App,
    token: &SessionToken,
    kind: SessionKind,
) -> Result<Option<(UserActor, Access)>, DatabaseError> {
    let now = app.clock.now();
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let found = queries::find(&mut tx, &token.hash(), kind, now, now - IDLE_LIFETIME).await?;
    if let Some(found) = &found
        && found.last_seen_at < now - TOUCH_INTERVAL
    {
        queries::touch(&mut tx, found.session_id, now).await?;
    }
    tx.commit().await?;
    Ok(found.map(|found| {
        let access = Access {
            scopes: None,
            is_address_verified: found.is_address_verified,
            has_second_factor: found.has_second_factor,
        };
        (actor(found.user_id, found.session_id, found.role, found.is_banned, found.display_name), access)
    }))
}
