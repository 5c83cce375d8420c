//! By which keys tokens are verified: a secret, or public keys from a file or an address.

use anyhow::{Context as _, anyhow, bail};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey};
use platform::config::{SupabaseKeys, SupabaseSettings};
use platform::{App, Problem};
use secrecy::ExposeSecret as _;
use time::{Duration, OffsetDateTime};
use tokio::sync::RwLock;

/// Public keys are fetched again after this.
const KEPT: Duration = Duration::hours(1);
/// A token that names an unknown key makes us ask again, this often at most.
const ASKED_AGAIN: Duration = Duration::minutes(1);
/// The list of keys at most.
const BYTES_MAX: usize = 128 * 1_024;

/// A key with the one algorithm that it is for.
pub(super) struct Key {
    pub algorithm: Algorithm,
    pub decoding: DecodingKey,
}

/// The project's keys, and what it says of its tokens.
pub(super) struct Keys {
    pub settings: SupabaseSettings,
    fetched: RwLock<Option<(OffsetDateTime, JwkSet)>>,
}

impl Keys {
    pub(super) fn new(settings: SupabaseSettings) -> Self {
        Self { settings, fetched: RwLock::new(None) }
    }

    /// The key that a token names; nothing when there is none of that name.
    ///
    /// # Errors
    /// 503 when the keys cannot be had.
    pub(super) async fn find(&self, app: &App, key_id: Option<&str>) -> Result<Option<Key>, Problem> {
        if let SupabaseKeys::Secret(secret) = &self.settings.keys {
            let decoding = DecodingKey::from_secret(secret.expose_secret().as_bytes());
            return Ok(Some(Key { algorithm: Algorithm::HS256, decoding }));
        }
        let Some(key_id) = key_id else { return Ok(None) };
        let now = app.clock.now();
        if let Some((fetched_at, set)) = &*self.fetched.read().await {
            let age = now - *fetched_at;
            if let Some(jwk) = set.find(key_id).filter(|_| age < KEPT) {
                return Ok(usable(jwk));
            }
            if age < ASKED_AGAIN {
                return Ok(None);
            }
        }
        // One asks, the others wait for the answer.
        let mut fetched = self.fetched.write().await;
        if fetched.as_ref().is_none_or(|(fetched_at, _)| now - *fetched_at >= ASKED_AGAIN) {
            let set = self.read(app).await.map_err(|error| Problem::unavailable("keys_unavailable", error))?;
            *fetched = Some((now, set));
        }
        Ok(fetched.as_ref().and_then(|(_, set)| set.find(key_id)).and_then(usable))
    }

    async fn read(&self, app: &App) -> anyhow::Result<JwkSet> {
        let bytes = match &self.settings.keys {
            SupabaseKeys::Secret(_) => bail!("a secret is no list of keys"),
            SupabaseKeys::File(path) => tokio::fs::read(path).await.context("MACHIYA_SUPABASE_JWKS_FILE")?,
            SupabaseKeys::Url(url) => {
                let wait = std::time::Duration::from_secs(5);
                let mut answer = app.http.get(url.clone()).timeout(wait).send().await?.error_for_status()?;
                let mut bytes = Vec::new();
                while let Some(chunk) = answer.chunk().await? {
                    bytes.extend_from_slice(&chunk);
                    if bytes.len() > BYTES_MAX {
                        return Err(anyhow!("the list of keys is too long"));
                    }
                }
                bytes
            }
        };
        serde_json::from_slice(&bytes).context("the list of keys cannot be read")
    }
}

/// A public key with the algorithm that belongs to it. A secret has no place in a public list, and is no key here.
fn usable(jwk: &Jwk) -> Option<Key> {
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(_) => Algorithm::ES256,
        AlgorithmParameters::OctetKeyPair(_) => Algorithm::EdDSA,
        _ => return None,
    };
    let said = jwk.common.key_algorithm.map(|said| said.to_string());
    if said.is_some_and(|said| said != format!("{algorithm:?}")) {
        return None;
    }
    DecodingKey::from_jwk(jwk).ok().map(|decoding| Key { algorithm, decoding })
}
