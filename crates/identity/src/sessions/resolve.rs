//! Finds out who asks.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, header};
use kernel::{AccountStatus, Actor, SystemReason, UserActor};
use platform::config::Config;
use platform::http::{Access, cookies};
use platform::{App, DatabaseError, Problem};

use super::model::{IDLE_LIFETIME, SessionKind, SessionToken, TOUCH_EVERY};
use super::queries;
use crate::api_tokens::{self, ApiTokenSecret};
use crate::supabase_tokens::SupabaseTokens;

/// The name of the session cookie. `__Host-` ties it to this host and to TLS, which a plain local address cannot have.
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-machiya_session" } else { "machiya_session" }
}

/// Whoever a request speaks for, and what it may do.
type Speaker = (UserActor, Access);

/// What [`resolve_actor`] needs: the platform, and the keys of another server whose tokens are accepted.
#[derive(Clone)]
pub struct Resolver {
    app: App,
    supabase: Option<SupabaseTokens>,
}

impl Resolver {
    /// Reads the settings.
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), supabase: SupabaseTokens::of(app) }
    }
}

/// Puts the [`Actor`] and its [`Access`] into the request. A token that is not valid (any more) makes a bearer caller 401
/// and a browser anonymous. Files and assets have no actor, so nobody is looked up for them.
pub async fn resolve_actor(State(resolver): State<Resolver>, mut request: Request, next: Next) -> Response {
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

/// By what a request says who it is.
enum Presented {
    Session(SessionToken, SessionKind),
    ApiToken(ApiTokenSecret),
    /// Perhaps a token of another server; what it is not is found out where its keys are.
    Foreign(String),
}

/// `Authorization: Bearer` counts before the cookie: a program says expressly who it is. A token that is none of ours
/// still was meant to be one: it must not silently become anonymous.
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
    let token = cookies::get(headers, cookie_name(config)).and_then(SessionToken::parse)?;
    Some(Presented::Session(token, SessionKind::Cookie))
}

impl Resolver {
    async fn find(&self, presented: Presented) -> Result<Option<Speaker>, Problem> {
        match presented {
            Presented::Session(token, kind) => Ok(find_session(&self.app, &token, kind).await?),
            Presented::ApiToken(secret) => {
                let mut tx = self.app.db.begin_system(SystemReason::Authentication).await?;
                let found = api_tokens::find(&mut tx, &secret, self.app.clock.now()).await?;
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

async fn find_session(app: &App, token: &SessionToken, kind: SessionKind) -> Result<Option<Speaker>, DatabaseError> {
    let now = app.clock.now();
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let found = queries::find(&mut tx, &token.hash(), kind, now, now - IDLE_LIFETIME).await?;
    if let Some(found) = &found
        && found.last_seen_at < now - TOUCH_EVERY
    {
        queries::touch(&mut tx, found.session_id, now).await?;
    }
    tx.commit().await?;
    Ok(found.map(|found| {
        let user = UserActor {
            user_id: found.user_id,
            session_id: found.session_id,
            role: found.role,
            status: if found.is_banned { AccountStatus::Banned } else { AccountStatus::Active },
            display_name: found.display_name,
        };
        let has_second_factor = found.has_second_factor;
        (user, Access { scopes: None, is_address_verified: found.is_address_verified, has_second_factor })
    }))
}
