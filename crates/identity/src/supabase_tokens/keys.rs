//! The keys that verify tokens: a secret, or public keys (JWKS) from a file or a URL.

use anyhow::{Context as _, anyhow, bail};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey};
use platform::config::{SupabaseKeys, SupabaseSettings};
use platform::{App, Problem};
use secrecy::ExposeSecret as _;
use time::{Duration, OffsetDateTime};
use tokio::sync::RwLock;

/// How long public keys are cached.
const CACHE_LIFETIME: Duration = Duration::hours(1);
/// How soon keys are fetched again because of an unknown key.
const REFETCH_AFTER: Duration = Duration::minutes(1);
/// The most bytes of a key set.
const BYTES_MAX: usize = 128 * 1_024;

/// A key with its algorithm.
pub(super) struct Key {
    pub algorithm: Algorithm,
    pub decoding: DecodingKey,
}

/// The settings of the project and its cached keys.
pub(super) struct Keys {
    pub settings: SupabaseSettings,
    fetched: RwLock<Option<(OffsetDateTime, JwkSet)>>,
}

impl Keys {
    pub(super) fn new(settings: SupabaseSettings) -> Self {
        Self { settings, fetched: RwLock::new(None) }
    }

    /// The key with this id; `None` when the project has no such key.
    ///
    /// # Errors
    /// 503 `keys_unavailable` when the keys cannot be fetched.
    pub(super) async fn find(&self, app: &App, key_id: Option<&str>) -> Result<Option<Key>, Problem> {
        if let SupabaseKeys::Secret(secret) = &self.settings.keys {
            let decoding = DecodingKey::from_secret(secret.expose_secret().as_bytes());
            return Ok(Some(Key { algorithm: Algorithm::HS256, decoding }));
        }
        let Some(key_id) = key_id else { return Ok(None) };
        let now = app.clock.now();
        if let Some((fetched_at, set)) = &*self.fetched.read().await {
            let age = now - *fetched_at;
            if let Some(jwk) = set.find(key_id).filter(|_| age < CACHE_LIFETIME) {
                return Ok(usable(jwk));
            }
            if age < REFETCH_AFTER {
                return Ok(None);
            }
        }
        // One caller fetches the keys, concurrent ones wait for them.
        let mut fetched = self.fetched.write().await;
        if fetched.as_ref().is_none_or(|(fetched_at, _)| now - *fetched_at >= REFETCH_AFTER) {
            let set = self.read(app).await.map_err(|error| Problem::unavailable("keys_unavailable", error))?;
            *fetched = Some((now, set));
        }
        Ok(fetched.as_ref().and_then(|(_, set)| set.find(key_id)).and_then(usable))
    }

    async fn read(&self, app: &App) -> anyhow::Result<JwkSet> {
        let bytes = match &self.settings.keys {
            SupabaseKeys::Secret(_) => bail!("a secret is no key set"),
            SupabaseKeys::File(path) => tokio::fs::read(path).await.context("MACHIYA_SUPABASE_JWKS_FILE")?,
            SupabaseKeys::Url(url) => {
                let wait = std::time::Duration::from_secs(5);
                let mut answer = app.http.get(url.clone()).timeout(wait).send().await?.error_for_status()?;
                let mut bytes = Vec::new();
                while let Some(chunk) = answer.chunk().await? {
                    bytes.extend_from_slice(&chunk);
                    if bytes.len() > BYTES_MAX {
                        return Err(anyhow!("the key set is too large"));
                    }
                }
                bytes
            }
        };
        serde_json::from_slice(&bytes).context("the key set cannot be read")
    }
}

/// A public key with the algorithm of its type; `None` for a symmetric key, which a public key set must not have, and for a
/// key that names another algorithm.
fn usable(jwk: &Jwk) -> Option<Key> {
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(_) => Algorithm::ES256,
        AlgorithmParameters::OctetKeyPair(_) => Algorithm::EdDSA,
        _ => return None,
    };
    let named = jwk.common.key_algorithm.map(|named| named.to_string());
    if named.is_some_and(|named| named != format!("{algorithm:?}")) {
        return None;
    }
    DecodingKey::from_jwk(jwk).ok().map(|decoding| Key { algorithm, decoding })
}
