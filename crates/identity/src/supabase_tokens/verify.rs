//! Verifies a token.

use jsonwebtoken::{Validation, decode, decode_header};
use platform::{App, Problem};
use serde::Deserialize;
use time::Duration;
use uuid::Uuid;

use super::keys::Keys;
use crate::users::model::DISPLAY_NAME_CHARS_MAX;

/// The most bytes of a token.
const TOKEN_BYTES_MAX: usize = 8 * 1_024;
/// How far the clocks may differ.
const LEEWAY: Duration = Duration::seconds(30);

/// The claims that are used here.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub sub: Uuid,
    exp: i64,
    nbf: Option<i64>,
    #[serde(default)]
    role: String,
    #[serde(default)]
    is_anonymous: bool,
    pub email: Option<String>,
    pub session_id: Option<Uuid>,
    user_metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    full_name: Option<String>,
    name: Option<String>,
}

impl Claims {
    /// The name, when it is a valid display name.
    pub(super) fn name(&self) -> Option<&str> {
        let metadata = self.user_metadata.as_ref()?;
        let name = metadata.full_name.as_deref().or(metadata.name.as_deref())?;
        let fits = platform::text::clean_line(name, DISPLAY_NAME_CHARS_MAX).is_ok_and(|clean| clean == name);
        fits.then_some(name)
    }
}

/// The claims of a valid token; `None` for every other token.
///
/// # Errors
/// 503 `keys_unavailable` when the keys cannot be fetched.
pub(super) async fn verify(keys: &Keys, app: &App, token: &str) -> Result<Option<Claims>, Problem> {
    if token.len() > TOKEN_BYTES_MAX || token.split('.').count() != 3 {
        return Ok(None);
    }
    let Ok(header) = decode_header(token) else { return Ok(None) };
    let Some(key) = keys.find(app, header.kid.as_deref()).await? else { return Ok(None) };
    // The token must name the algorithm of the key.
    let mut validation = Validation::new(key.algorithm);
    validation.set_audience(&[&keys.settings.audience]);
    if let Some(issuer) = &keys.settings.issuer {
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "sub", "iss"]);
    } else {
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
    }
    // Times are checked below against the platform's clock.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let Ok(decoded) = decode::<Claims>(token, &key.decoding, &validation) else { return Ok(None) };
    let claims = decoded.claims;
    let now = app.clock.now().unix_timestamp();
    let leeway = LEEWAY.whole_seconds();
    let is_timely = claims.exp > now - leeway && claims.nbf.is_none_or(|from| from <= now + leeway);
    let is_person = claims.role == "authenticated" && !claims.is_anonymous;
    Ok(Some(claims).filter(|_| is_timely && is_person))
}
