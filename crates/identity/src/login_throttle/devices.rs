//! Browsers that are known: a cookie that says only "somebody logged in here before", and opens nothing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use kernel::{Ctx, Random, UserId};
use platform::config::Config;
use platform::http::cookies;
use platform::{DatabaseError, Tx};
use sha2::{Digest as _, Sha256};

use super::queries;

/// The name of the cookie by which a browser is known.
pub fn device_cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-machiya_device" } else { "machiya_device" }
}

/// The secret of a known browser: 256 random bits.
#[derive(Clone)]
pub struct DeviceToken(String);

impl DeviceToken {
    pub(super) fn generate(random: &Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random.bytes::<32>()))
    }

    /// What a browser sent, when it can be one of ours.
    pub fn presented(config: &Config, headers: &HeaderMap) -> Option<Self> {
        let text = cookies::get(headers, device_cookie_name(config))?;
        (text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
            .then(|| Self(text.to_owned()))
    }

    /// The secret itself, for the cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceToken")
    }
}

/// The presented token, when the account knows it.
pub(crate) async fn known_device(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: Option<UserId>,
    presented: Option<&DeviceToken>,
) -> Result<Option<DeviceToken>, DatabaseError> {
    let (Some(user_id), Some(token)) = (user_id, presented) else { return Ok(None) };
    Ok(queries::touch_device(tx, user_id, &token.hash(), ctx.now()).await?.then(|| token.clone()))
}

/// Makes the browser known to the account. A browser keeps its secret, so that several people can use it.
pub(crate) async fn remember_device(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    presented: Option<&DeviceToken>,
) -> Result<DeviceToken, DatabaseError> {
    let token = match presented {
        Some(token) if queries::is_device(tx, &token.hash()).await? => token.clone(),
        _ => DeviceToken::generate(ctx.random()),
    };
    queries::insert_device(tx, ctx.new_id(), user_id, &token.hash(), ctx.now()).await?;
    Ok(token)
}
