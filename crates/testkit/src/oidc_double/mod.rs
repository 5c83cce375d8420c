//! A double of a site that speaks OpenID Connect: discovery, keys, the authorization page, the token endpoint, with PKCE
//! and client authentication checked as Google does, and faults on command.
//!
//! It knows nothing of the crate that it tests; it signs by itself.

pub(crate) mod signing;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode, header};
use kernel::{Clock, Random};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;

use world::{Asked, Shared};
pub use world::{OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OidcError, OidcPerson};

/// A running double; it ends with its value.
pub struct OidcDouble {
    /// `http://127.0.0.1:{port}`, which is its issuer as well.
    pub issuer: String,
    shared: Shared,
    server: JoinHandle<()>,
}

impl OidcDouble {
    /// Starts one whose time is `clock`'s. Somebody has to be logged in there: see [`OidcDouble::log_in`].
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(clock: Clock) -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let shared = Shared { issuer: issuer.clone(), clock, world: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(shared.clone());
        #[expect(clippy::disallowed_methods, reason = "a double is no part of the app whose tasks are counted")]
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the double ended");
            }
        });
        Ok(Self { issuer, shared, server })
    }

    /// The settings with which an installation uses it.
    pub fn settings(&self) -> [(&'static str, &str); 3] {
        [
            ("MACHIYA_OIDC_ISSUER", self.issuer.as_str()),
            ("MACHIYA_OIDC_CLIENT_ID", OIDC_CLIENT_ID),
            ("MACHIYA_OIDC_CLIENT_SECRET", OIDC_CLIENT_SECRET),
        ]
    }

    /// Who is logged in there from now on.
    pub fn log_in(&self, person: OidcPerson) {
        self.shared.with(|world| world.person = Some(person));
    }

    /// Does these wrong from now on, and nothing else.
    pub fn misbehave(&self, faults: impl IntoIterator<Item = OidcError>) {
        self.shared.with(|world| world.faults = faults.into_iter().collect());
    }

    /// Signs with another key from now on, and says so when asked for its keys.
    pub fn change_keys(&self) {
        self.shared.with(|world| world.generation += 1);
    }

    /// How often it was asked what it is.
    pub fn times_discovered(&self) -> u32 {
        self.shared.with(|world| world.times_discovered)
    }
}

impl Drop for OidcDouble {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn configuration(State(shared): State<Shared>) -> Response {
    shared.with(|world| world.times_discovered += 1);
    if shared.has(OidcError::Down) {
        return (StatusCode::BAD_GATEWAY, "the double is down").into_response();
    }
    if shared.has(OidcError::EndlessAnswer) {
        return ([(header::CONTENT_TYPE, "application/json")], "x".repeat(4_000_000)).into_response();
    }
    let issuer = &shared.issuer;
    let named = if shared.has(OidcError::OtherIssuerInDiscovery) { "https://evil.example" } else { issuer };
    Json(json!({
        "issuer": named,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "email", "email_verified", "exp", "iat", "iss", "name", "sub"],
        "code_challenge_methods_supported": ["plain", "S256"],
    }))
    .into_response()
}

async fn keys(State(shared): State<Shared>) -> Json<Value> {
    let generation = shared.with(|world| world.generation);
    Json(json!({"keys": [signing::public_key(&signing::key_id(generation))]}))
}

/// The page on which a person would agree; here they do at once.
async fn authorize(State(shared): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let given = |name: &str| query.get(name).cloned().unwrap_or_default();
    let asks_well = given("client_id") == OIDC_CLIENT_ID
        && given("response_type") == "code"
        && given("scope").split(' ').any(|scope| scope == "openid")
        && given("code_challenge_method") == "S256"
        && given("code_challenge").len() == 43
        && given("redirect_uri").ends_with("/login/oidc/callback");
    if !asks_well {
        return (StatusCode::BAD_REQUEST, format!("not asked as it should be: {query:?}")).into_response();
    }
    let mut back = format!("{}?state={}&iss={}", given("redirect_uri"), given("state"), encoded(&shared.issuer));
    if shared.has(OidcError::Denied) {
        return Redirect::to(&format!("{back}&error=access_denied")).into_response();
    }
    if shared.has(OidcError::OtherIssuerInCallback) {
        back = format!("{}?state={}&iss=https%3A%2F%2Fevil.example", given("redirect_uri"), given("state"));
    }
    let code = hex::encode(Random::system().bytes::<16>());
    let asked = Asked {
        challenge: given("code_challenge"),
        nonce: given("nonce"),
        redirect_uri: given("redirect_uri"),
        person: shared.with(|world| world.person.clone()),
    };
    shared.with(|world| world.codes.insert(code.clone(), asked));
    Redirect::to(&format!("{back}&code={code}")).into_response()
}

async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    if shared.has(OidcError::TokenDown) {
        return (StatusCode::INTERNAL_SERVER_ERROR, "not now").into_response();
    }
    if !knows_secret(&headers, &form) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "invalid_client"}))).into_response();
    }
    let given = |name: &str| form.get(name).cloned().unwrap_or_default();
    // A code works once (RFC 6749 §4.1.2).
    let Some(asked) = shared.with(|world| world.codes.remove(&given("code"))) else { return refuse("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(given("code_verifier").as_bytes()));
    let exchanges_well = given("grant_type") == "authorization_code"
        && challenge == asked.challenge
        && given("redirect_uri") == asked.redirect_uri;
    let Some(person) = asked.person.filter(|_| exchanges_well) else { return refuse("invalid_grant") };
    let access_token = hex::encode(Random::system().bytes::<16>());
    let id_token = signing::id_token(&shared, &person, &asked.nonce, &access_token);
    Json(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": 3_599,
        "scope": "openid email profile",
        "id_token": id_token,
    }))
    .into_response()
}

/// The secret in the header or in the form.
fn knows_secret(headers: &HeaderMap, form: &BTreeMap<String, String>) -> bool {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(basic) = basic.and_then(|text| text.strip_prefix("Basic ")) {
        let decoded = STANDARD.decode(basic).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        // Both halves are form-encoded (RFC 6749 §2.3.1).
        return decoded.is_some_and(|text| text == format!("{OIDC_CLIENT_ID}:{}", encoded(OIDC_CLIENT_SECRET)));
    }
    form.get("client_id").is_some_and(|id| id == OIDC_CLIENT_ID)
        && form.get("client_secret").is_some_and(|secret| secret == OIDC_CLIENT_SECRET)
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
