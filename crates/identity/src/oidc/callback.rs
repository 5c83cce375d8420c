//! Somebody comes back from the other site.

use http::HeaderMap;
use kernel::{Ctx, SystemReason};
use platform::config::OidcSettings;
use platform::http::cookies;
use platform::{App, Problem};
use serde::Deserialize;

use super::authorize::{browser_cookie, place};
use super::model::{ExternalIdentity, Flow, FlowSecrets, OidcError};
use super::provider::{Provider, issuer_of};
use super::queries;
use crate::one_time_secret::OneTimeSecret;
use crate::sealing::Sealer;

/// What the other site adds to the way back (RFC 6749 §4.1.2, RFC 9207).
#[derive(Deserialize)]
pub(super) struct CallbackParams {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Takes the flow away and asks the other site who it is; outside of any transaction.
///
/// # Errors
/// 400 `oidc_ended` or `oidc_cancelled`, 401 `oidc_refused`, 503 `oidc_unavailable`.
pub(super) async fn exchange_code(
    ctx: &Ctx,
    app: &App,
    (provider, settings): (&Provider, &OidcSettings),
    headers: &HeaderMap,
    way: CallbackParams,
) -> Result<(ExternalIdentity, Flow), Problem> {
    let state = OneTimeSecret::parse(&way.state).ok_or(OidcError::Ended)?;
    let browser = cookies::get(headers, browser_cookie(app)).and_then(OneTimeSecret::parse).ok_or(OidcError::Ended)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let flow = queries::take_flow(&mut tx, &state.hash(), &browser.hash(), ctx.now()).await?;
    tx.commit().await?;
    let flow = flow.ok_or(OidcError::Ended)?;
    if way.iss.is_some_and(|issuer| issuer != issuer_of(settings)) {
        return Err(OidcError::Refused("another site answered".to_owned()).into());
    }
    if let Some(error) = way.error {
        return Err(OidcError::Cancelled(error.chars().take(100).collect()).into());
    }
    let code = way.code.filter(|code| !code.is_empty() && code.len() <= 4_096).ok_or(OidcError::Ended)?;
    // Who links must still be the one who is logged in.
    if flow.user_id.is_some() && flow.user_id != ctx.user_id() {
        return Err(OidcError::Ended.into());
    }
    let plain = Sealer::of(&app.config)?.open(&place(&state), &flow.sealed_secrets)?;
    let secrets: FlowSecrets = serde_json::from_slice(&plain).map_err(Problem::internal)?;
    let stranger = provider.exchange(ctx, app, settings, code, secrets).await?;
    Ok((stranger, flow))
}
