//! The other site: what it says of itself, and what it signs.

use std::sync::Arc;

use kernel::Ctx;
use openidconnect::core::{CoreClient, CoreIdTokenClaims, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse as _,
    PkceCodeVerifier, RedirectUrl, SignatureVerificationError, TokenResponse as _,
};
use platform::App;
use platform::config::OidcSettings;
use secrecy::ExposeSecret as _;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use super::model::{ExternalIdentity, FlowSecrets, OidcError};
use crate::users::EmailAddress;

/// How long what the site says of itself is taken for granted.
const KNOWN_FOR: Duration = Duration::hours(1);
/// How soon it may be asked again because a key is unknown.
const ASK_AGAIN_AFTER: Duration = Duration::minutes(1);
/// Patience with one request.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// The most that an answer may hold.
const ANSWER_BYTES_MAX: usize = 512 * 1024;
/// A token may seem to come from the future by this much, since clocks differ.
const CLOCK_SKEW: Duration = Duration::minutes(5);

/// A client that knows where to send people and where to fetch tokens.
pub(super) type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What the site said of itself, and when.
#[derive(Clone, Default)]
pub(super) struct Provider(Arc<Mutex<Option<(CoreProviderMetadata, OffsetDateTime)>>>);

/// Why an answer could not be fetched.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    #[error("the answer is too large")]
    TooLarge,
}

/// One request with the platform's client: no redirects, little patience, a limit on the answer.
async fn fetch(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let mut request = reqwest::Request::try_from(request)?;
    *request.timeout_mut() = Some(PATIENCE);
    let mut answer = client.execute(request).await?;
    let mut response = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response.body(body)?)
}

fn unavailable(fault: impl std::fmt::Display) -> OidcError {
    OidcError::Unavailable(fault.to_string())
}

impl Provider {
    /// What the site says of itself (discovery and keys), asked at most once in `oldest`. Checks that the issuer is the
    /// configured one.
    async fn metadata(
        &self,
        app: &App,
        settings: &OidcSettings,
        now: OffsetDateTime,
        oldest: Duration,
    ) -> Result<CoreProviderMetadata, OidcError> {
        // Held while asking, so that many who come at once ask once.
        let mut known = self.0.lock().await;
        if let Some((metadata, at)) = &*known
            && now - *at < oldest
        {
            return Ok(metadata.clone());
        }
        let client = app.http.clone();
        let http = |request| fetch(client.clone(), request);
        let issuer = IssuerUrl::new(issuer_of(settings)).map_err(unavailable)?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.map_err(unavailable)?;
        *known = Some((metadata.clone(), now));
        Ok(metadata)
    }

    /// A client of the site.
    pub(super) async fn client(
        &self,
        ctx: &Ctx,
        app: &App,
        settings: &OidcSettings,
        oldest: Duration,
    ) -> Result<Client, OidcError> {
        let metadata = self.metadata(app, settings, ctx.now(), oldest).await?;
        let secret = ClientSecret::new(settings.client_secret.expose_secret().to_owned());
        let back = RedirectUrl::new(app.config.absolute_url(super::pages::CALLBACK)).map_err(unavailable)?;
        let client =
            CoreClient::from_provider_metadata(metadata, ClientId::new(settings.client_id.clone()), Some(secret));
        Ok(client.set_redirect_uri(back))
    }

    /// As [`Provider::client`], with what is known for up to an hour.
    pub(super) async fn known_client(
        &self,
        ctx: &Ctx,
        app: &App,
        settings: &OidcSettings,
    ) -> Result<Client, OidcError> {
        self.client(ctx, app, settings, KNOWN_FOR).await
    }

    /// Exchanges a code for a token and checks the token: issuer, audience, signature, time, nonce, hash of the access
    /// token. A key that is unknown is asked for once more, since sites replace theirs.
    pub(super) async fn exchange(
        &self,
        ctx: &Ctx,
        app: &App,
        settings: &OidcSettings,
        code: String,
        secrets: FlowSecrets,
    ) -> Result<ExternalIdentity, OidcError> {
        let client = self.known_client(ctx, app, settings).await?;
        let http_client = app.http.clone();
        let http = |request| fetch(http_client.clone(), request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(unavailable)?
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier))
            .request_async(&http)
            .await
            .map_err(told)?;
        let nonce = Nonce::new(secrets.nonce);
        match checked(ctx, &client, &tokens, &nonce) {
            Err(Unchecked::UnknownKey) => {
                let client = self.client(ctx, app, settings, ASK_AGAIN_AFTER).await?;
                checked(ctx, &client, &tokens, &nonce).map_err(Into::into)
            }
            other => other.map_err(Into::into),
        }
    }
}

/// The issuer exactly as sites write it: without the slash that a bare host gets.
pub(super) fn issuer_of(settings: &OidcSettings) -> String {
    let text = settings.issuer.as_str();
    if settings.issuer.path() == "/" { text.trim_end_matches('/').to_owned() } else { text.to_owned() }
}

/// A code that the site refuses is the visitor's affair; everything else is the site's.
fn told<RE, TE>(fault: openidconnect::RequestTokenError<RE, TE>) -> OidcError
where
    RE: std::error::Error + 'static,
    TE: openidconnect::ErrorResponse + 'static,
{
    match fault {
        openidconnect::RequestTokenError::ServerResponse(answer) => OidcError::Refused(format!("{answer:?}")),
        other => OidcError::Unavailable(other.to_string()),
    }
}

/// Why a token is not believed.
enum Unchecked {
    UnknownKey,
    Wrong(String),
}

impl From<Unchecked> for OidcError {
    fn from(fault: Unchecked) -> Self {
        match fault {
            Unchecked::UnknownKey => Self::Refused("no key of the site fits the token".to_owned()),
            Unchecked::Wrong(why) => Self::Refused(why),
        }
    }
}

fn wrong(why: impl std::fmt::Display) -> Unchecked {
    Unchecked::Wrong(why.to_string())
}

fn checked(
    ctx: &Ctx,
    client: &Client,
    tokens: &openidconnect::core::CoreTokenResponse,
    nonce: &Nonce,
) -> Result<ExternalIdentity, Unchecked> {
    let token = tokens.id_token().ok_or_else(|| wrong("there is no id token"))?;
    let now = ctx.now();
    let present = chrono::DateTime::from_timestamp(now.unix_timestamp(), 0).unwrap_or_default();
    let latest = chrono::DateTime::from_timestamp((now + CLOCK_SKEW).unix_timestamp(), 0).unwrap_or_default();
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs([CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256])
        .set_time_fn(move || present)
        .set_issue_time_verifier_fn(
            move |issued| {
                if issued <= latest { Ok(()) } else { Err("issued in the future".to_owned()) }
            },
        );
    let claims = token.claims(&verifier, nonce).map_err(|fault| match fault {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            Unchecked::UnknownKey
        }
        ClaimsVerificationError::SignatureVerification(inner) => wrong(inner),
        other => wrong(other),
    })?;
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(wrong)?;
        let key = token.signing_key(&verifier).map_err(wrong)?;
        let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).map_err(wrong)?;
        if actual != *expected {
            return Err(wrong("the access token is another one"));
        }
    }
    Ok(stranger(claims))
}

fn stranger(claims: &CoreIdTokenClaims) -> ExternalIdentity {
    let is_verified = claims.email_verified() == Some(true);
    let email = claims.email().filter(|_| is_verified).and_then(|email| EmailAddress::parse(email.as_str()).ok());
    let name = claims.name().and_then(|names| names.get(None).or_else(|| names.iter().next().map(|(_, name)| name)));
    ExternalIdentity {
        issuer: claims.issuer().as_str().to_owned(),
        subject: claims.subject().as_str().to_owned(),
        email,
        name: name.map(|name| name.as_str().to_owned()).unwrap_or_default(),
    }
}
