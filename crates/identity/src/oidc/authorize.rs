//! Begins a flow: stores its secrets and builds the authorization URL.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use kernel::{Ctx, SystemReason, UserId};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow};
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope};
use platform::config::OidcSettings;
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use url::Url;

use super::model::{FLOW_LIFETIME, FlowSecrets};
use super::provider::Provider;
use super::queries;
use crate::sealing::Sealer;
use crate::secret_token::OneTimeSecret;
use crate::session_cookies::AuthCookie;
use crate::sessions::caller::Caller;

/// Flows that one caller may begin.
const FLOWS: RateLimit = RateLimit { name: "oidc_flows", burst: 20, every: time::Duration::seconds(6) };

/// A flow that has begun.
pub(super) struct Authorization {
    /// The authorization URL at the provider.
    pub(super) url: Url,
    /// The secret of the browser, for its cookie.
    pub(super) browser: OneTimeSecret,
}

/// The context for which the secrets of a flow are sealed.
pub(super) fn seal_context(state: &OneTimeSecret) -> String {
    format!("oidc/{}", URL_SAFE_NO_PAD.encode(state.hash()))
}

/// Begins a flow. `linking` is the account that links an external identity; `None` for a login.
///
/// # Errors
/// 429, 503 `oidc_unavailable`.
pub(super) async fn authorize(
    ctx: &Ctx,
    app: &App,
    (provider, settings): (&Provider, &OidcSettings),
    (caller, headers): (&Caller, &HeaderMap),
    linking: Option<UserId>,
    next: &str,
) -> Result<Authorization, Problem> {
    rate_limits::take(ctx, app, FLOWS, &caller.address_key()).await?;
    let client = provider.cached_client(ctx, app, settings).await?;
    let state = OneTimeSecret::generate(ctx.random());
    let secrets = FlowSecrets {
        nonce: OneTimeSecret::generate(ctx.random()).reveal().to_owned(),
        verifier: OneTimeSecret::generate(ctx.random()).reveal().to_owned(),
    };
    // The secret of the browser is kept, so that two tabs can each have a flow.
    let browser = AuthCookie::OidcFlow.read(&app.config, headers).and_then(OneTimeSecret::parse);
    let browser = browser.unwrap_or_else(|| OneTimeSecret::generate(ctx.random()));

    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(secrets.verifier.clone()));
    let (state_text, nonce_text) = (state.reveal().to_owned(), secrets.nonce.clone());
    let request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(state_text),
            || Nonce::new(nonce_text),
        )
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        // Lets a person with several accounts at the provider choose one every time.
        .add_prompt(CoreAuthPrompt::SelectAccount)
        .set_pkce_challenge(challenge);
    let (url, _, _) = request.url();

    let plain = serde_json::to_vec(&secrets).map_err(Problem::internal)?;
    let sealed = Sealer::of(&app.config)?.seal(ctx.random(), &seal_context(&state), &plain);
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let new = queries::NewFlow {
        state_hash: &state.hash(),
        browser_hash: &browser.hash(),
        sealed_secrets: &sealed,
        user_id: linking,
        next_path: next,
        now: ctx.now(),
        expires_at: ctx.now() + FLOW_LIFETIME,
    };
    queries::insert_flow(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(Authorization { url, browser })
}
