//! Handles the redirect back from the provider: takes the flow and exchanges the code.

use http::HeaderMap;
use kernel::{Ctx, SystemReason};
use platform::config::OidcSettings;
use platform::{App, Problem};
use serde::Deserialize;

use super::authorize::seal_context;
use super::model::{ExternalIdentity, Flow, FlowSecrets, OidcError, issuer_of};
use super::provider::Provider;
use super::queries;
use crate::sealing::Sealer;
use crate::secret_token::OneTimeSecret;
use crate::session_cookies::AuthCookie;

/// The query of the redirect (RFC 6749 §4.1.2, RFC 9207).
#[derive(Deserialize)]
pub(super) struct CallbackParams {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Deletes the flow and exchanges the code for the external identity, outside any transaction.
///
/// # Errors
/// 400 `oidc_ended` or `oidc_cancelled`, 401 `oidc_refused`, 503 `oidc_unavailable`.
pub(super) async fn exchange_code(
    ctx: &Ctx,
    app: &App,
    (provider, settings): (&Provider, &OidcSettings),
    headers: &HeaderMap,
    params: CallbackParams,
) -> Result<(ExternalIdentity, Flow), Problem> {
    let state = OneTimeSecret::parse(&params.state).ok_or(OidcError::Ended)?;
    let browser = AuthCookie::OidcFlow.read(&app.config, headers).and_then(OneTimeSecret::parse);
    let browser = browser.ok_or(OidcError::Ended)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let flow = queries::take_flow(&mut tx, &state.hash(), &browser.hash(), ctx.now()).await?;
    tx.commit().await?;
    let flow = flow.ok_or(OidcError::Ended)?;
    if params.iss.is_some_and(|issuer| issuer != issuer_of(settings)) {
        return Err(OidcError::Refused("another issuer answered".to_owned()).into());
    }
    if let Some(error) = params.error {
        return Err(OidcError::Cancelled(error.chars().take(100).collect()).into());
    }
    let code = params.code.filter(|code| !code.is_empty() && code.len() <= 4_096).ok_or(OidcError::Ended)?;
    // The account that began to link must still be logged in.
    if flow.user_id.is_some() && flow.user_id != ctx.user_id() {
        return Err(OidcError::Ended.into());
    }
    let plain = Sealer::of(&app.config)?.open(&seal_context(&state), &flow.sealed_secrets)?;
    let secrets: FlowSecrets = serde_json::from_slice(&plain).map_err(Problem::internal)?;
    let identity = provider.exchange(ctx, app, settings, code, secrets).await?;
    Ok((identity, flow))
}
