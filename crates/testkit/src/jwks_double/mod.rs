//! A double of a project that publishes the keys of its tokens: a list at an address, keys that change, and tokens with
//! what is wrong with them. It knows nothing of the crate that it tests; it signs by itself.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer as _;
use rsa::signature::SignatureEncoding as _;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::oidc_double::signing;

/// A key of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectKey {
    /// ES256, by its name and what its secret is made of.
    Elliptic(&'static str, u8),
    /// RS256, by its name.
    Rsa(&'static str),
}

impl ProjectKey {
    /// Its name.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Elliptic(id, _) | Self::Rsa(id) => id,
        }
    }

    /// The algorithm that it is for.
    pub const fn algorithm(&self) -> &'static str {
        match self {
            Self::Elliptic(..) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    /// The public half as a JSON Web Key.
    pub fn public(&self) -> Value {
        match self {
            Self::Elliptic(id, seed) => {
                let point = elliptic(*seed).verifying_key().to_encoded_point(false);
                let part = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default());
                let (x, y) = (part(point.x().map(|x| &x[..])), part(point.y().map(|y| &y[..])));
                json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": id, "x": x, "y": y})
            }
            Self::Rsa(id) => signing::public_key(id),
        }
    }

    /// A token that this key signs, and that says it is signed so.
    pub fn token(&self, claims: &Value) -> String {
        self.token_that_says(self.algorithm(), self.id(), claims)
    }

    /// A token that this key signs, whatever the token says of its algorithm and its key.
    pub fn token_that_says(&self, algorithm: &str, key_id: &str, claims: &Value) -> String {
        let body = unsigned(algorithm, key_id, claims);
        let signature = match self {
            Self::Elliptic(_, seed) => {
                let signature: Signature = elliptic(*seed).sign(body.as_bytes());
                signature.to_bytes().to_vec()
            }
            Self::Rsa(_) => signing::signing_key().sign(body.as_bytes()).to_vec(),
        };
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Header and claims of a token, without a signature.
pub fn unsigned(algorithm: &str, key_id: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(&json!({"typ": "JWT", "alg": algorithm, "kid": key_id})), part(claims))
}

#[expect(clippy::expect_used, reason = "32 equal bytes that are not zero are a secret of the curve")]
fn elliptic(seed: u8) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[seed; 32]).expect("a key")
}

#[derive(Default)]
struct World {
    keys: Vec<Value>,
    fetches: u32,
    is_down: bool,
}

/// A running double; it ends with its value.
pub struct JwksDouble {
    /// Where the list of keys is.
    pub url: String,
    world: Arc<Mutex<World>>,
    server: JoinHandle<()>,
}

impl JwksDouble {
    /// Starts one that publishes these keys.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(keys: &[ProjectKey]) -> anyhow::Result<Self> {
        let world = Arc::new(Mutex::new(World::default()));
        let routes = Router::new().route("/auth/v1/.well-known/jwks.json", get(list)).with_state(Arc::clone(&world));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/auth/v1/.well-known/jwks.json", listener.local_addr()?);
        #[expect(clippy::disallowed_methods, reason = "the double ends with the test that holds it")]
        let server = tokio::spawn(async move {
            let _ended = axum::serve(listener, routes).await;
        });
        let double = Self { url, world, server };
        double.publish(keys);
        Ok(double)
    }

    /// From now on these are the keys.
    pub fn publish(&self, keys: &[ProjectKey]) {
        self.with(|world| world.keys = keys.iter().map(ProjectKey::public).collect());
    }

    /// From now on it answers, or does not.
    pub fn set_down(&self, is_down: bool) {
        self.with(|world| world.is_down = is_down);
    }

    /// How often the list was asked for.
    pub fn fetches(&self) -> u32 {
        self.with(|world| world.fetches)
    }

    fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for JwksDouble {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn list(State(world): State<Arc<Mutex<World>>>) -> Response {
    let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
    world.fetches += 1;
    if world.is_down {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    Json(json!({"keys": world.keys})).into_response()
}
