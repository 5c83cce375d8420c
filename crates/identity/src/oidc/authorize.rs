//! Somebody leaves for the other site.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use kernel::{Ctx, SystemReason, UserId};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow};
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope};
use platform::config::OidcSettings;
use platform::http::cookies;
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use url::Url;

use super::model::{FLOW_LIFETIME, FlowSecrets};
use super::provider::Provider;
use super::queries;
use crate::one_time_secret::OneTimeSecret;
use crate::sealing::Sealer;
use crate::sessions::Caller;

/// Ways to the other site that one caller may begin.
const FLOWS: RateLimit = RateLimit { name: "oidc_flows", burst: 20, every: time::Duration::seconds(6) };

/// Where the browser goes, and by what it is known when it comes back.
pub(super) struct Leaving {
    /// The other site's page.
    pub(super) address: Url,
    /// For the cookie.
    pub(super) browser: OneTimeSecret,
}

/// The name of the cookie by which the browser is known when it comes back.
pub(super) fn browser_cookie(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-machiya_oidc" } else { "machiya_oidc" }
}

/// The place for which the secrets of a flow are sealed.
pub(super) fn place(state: &OneTimeSecret) -> String {
    format!("oidc/{}", URL_SAFE_NO_PAD.encode(state.hash()))
}

/// Remembers the way and answers where it leads. `linking` is who links an account there to theirs here.
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
) -> Result<Leaving, Problem> {
    rate_limits::take(ctx, app, FLOWS, &caller.address_key()).await?;
    let client = provider.known_client(ctx, app, settings).await?;
    let state = OneTimeSecret::generate(ctx.random());
    let secrets = FlowSecrets {
        nonce: OneTimeSecret::generate(ctx.random()).reveal().to_owned(),
        verifier: OneTimeSecret::generate(ctx.random()).reveal().to_owned(),
    };
    // Two tabs of one browser may be on the way at once.
    let browser = cookies::get(headers, browser_cookie(app)).and_then(OneTimeSecret::parse);
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
        // Whoever has several accounts there says which one, every time.
        .add_prompt(CoreAuthPrompt::SelectAccount)
        .set_pkce_challenge(challenge);
    let (address, _, _) = request.url();

    let plain = serde_json::to_vec(&secrets).map_err(Problem::internal)?;
    let sealed = Sealer::of(&app.config)?.seal(ctx.random(), &place(&state), &plain);
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
    Ok(Leaving { address, browser })
}
