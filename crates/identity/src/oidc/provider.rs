//! The OpenID provider: discovery, the token endpoint and the verification of ID tokens.

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

use super::model::{CALLBACK_PATH, ExternalIdentity, FlowSecrets, OidcError, issuer_of};
use crate::users::email::EmailAddress;

/// How long the provider's metadata and keys are cached.
const CACHE_LIFETIME: Duration = Duration::hours(1);
/// How soon they are fetched again because of an unknown key.
const REFETCH_AFTER: Duration = Duration::minutes(1);
/// The timeout of one request.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);
/// The most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 512 * 1024;
/// How far in the future a token may be issued, because clocks differ.
const CLOCK_SKEW: Duration = Duration::minutes(5);

/// A client with the authorization URL, the token endpoint and the redirect URI.
pub(super) type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The cached metadata of the provider and when they were fetched.
#[derive(Clone, Default)]
pub(super) struct Provider(Arc<Mutex<Option<(CoreProviderMetadata, OffsetDateTime)>>>);

/// Why a request to the provider failed.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    #[error("the answer is too large")]
    TooLarge,
}

/// Sends one request with the platform's client, which follows no redirects, with a timeout and a limit on the answer.
async fn fetch(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let mut request = reqwest::Request::try_from(request)?;
    *request.timeout_mut() = Some(TIMEOUT);
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

fn unavailable(error: impl std::fmt::Display) -> OidcError {
    OidcError::Unavailable(error.to_string())
}

impl Provider {
    /// Metadata and keys that are at most `oldest` old, fetched by discovery otherwise. Checks that the issuer is the
    /// configured one.
    async fn metadata(
        &self,
        app: &App,
        settings: &OidcSettings,
        now: OffsetDateTime,
        oldest: Duration,
    ) -> Result<CoreProviderMetadata, OidcError> {
        // The lock is held while fetching, so that concurrent callers fetch once.
        let mut cached = self.0.lock().await;
        if let Some((metadata, at)) = &*cached
            && now - *at < oldest
        {
            return Ok(metadata.clone());
        }
        let client = app.http.clone();
        let http = |request| fetch(client.clone(), request);
        let issuer = IssuerUrl::new(issuer_of(settings)).map_err(unavailable)?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.map_err(unavailable)?;
        *cached = Some((metadata.clone(), now));
        Ok(metadata)
    }

    /// A client with metadata that are at most `oldest` old.
    async fn client(
        &self,
        ctx: &Ctx,
        app: &App,
        settings: &OidcSettings,
        oldest: Duration,
    ) -> Result<Client, OidcError> {
        let metadata = self.metadata(app, settings, ctx.now(), oldest).await?;
        let secret = ClientSecret::new(settings.client_secret.expose_secret().to_owned());
        let redirect = RedirectUrl::new(app.config.absolute_url(CALLBACK_PATH)).map_err(unavailable)?;
        let client =
            CoreClient::from_provider_metadata(metadata, ClientId::new(settings.client_id.clone()), Some(secret));
        Ok(client.set_redirect_uri(redirect))
    }

    /// A client with metadata that are at most an hour old.
    pub(super) async fn cached_client(
        &self,
        ctx: &Ctx,
        app: &App,
        settings: &OidcSettings,
    ) -> Result<Client, OidcError> {
        self.client(ctx, app, settings, CACHE_LIFETIME).await
    }

    /// Exchanges a code for an ID token and verifies issuer, audience, signature, time, nonce and access token hash. After an
    /// unknown key the keys are fetched once more, because providers replace theirs.
    pub(super) async fn exchange(
        &self,
        ctx: &Ctx,
        app: &App,
        settings: &OidcSettings,
        code: String,
        secrets: FlowSecrets,
    ) -> Result<ExternalIdentity, OidcError> {
        let client = self.cached_client(ctx, app, settings).await?;
        let http_client = app.http.clone();
        let http = |request| fetch(http_client.clone(), request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(unavailable)?
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier))
            .request_async(&http)
            .await
            .map_err(token_error)?;
        let nonce = Nonce::new(secrets.nonce);
        match verify(ctx, &client, &tokens, &nonce) {
            Err(TokenError::UnknownKey) => {
                let client = self.client(ctx, app, settings, REFETCH_AFTER).await?;
                verify(ctx, &client, &tokens, &nonce).map_err(Into::into)
            }
            other => other.map_err(Into::into),
        }
    }
}

/// `Refused` for a code that the provider does not accept, `Unavailable` for every other error of the token endpoint.
fn token_error<RE, TE>(error: openidconnect::RequestTokenError<RE, TE>) -> OidcError
where
    RE: std::error::Error + 'static,
    TE: openidconnect::ErrorResponse + 'static,
{
    match error {
        openidconnect::RequestTokenError::ServerResponse(answer) => OidcError::Refused(format!("{answer:?}")),
        other => OidcError::Unavailable(other.to_string()),
    }
}

/// Why an ID token is not valid.
enum TokenError {
    UnknownKey,
    Invalid(String),
}

impl From<TokenError> for OidcError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::UnknownKey => Self::Refused("the provider has no such key".to_owned()),
            TokenError::Invalid(why) => Self::Refused(why),
        }
    }
}

fn invalid(why: impl std::fmt::Display) -> TokenError {
    TokenError::Invalid(why.to_string())
}

fn verify(
    ctx: &Ctx,
    client: &Client,
    tokens: &openidconnect::core::CoreTokenResponse,
    nonce: &Nonce,
) -> Result<ExternalIdentity, TokenError> {
    let token = tokens.id_token().ok_or_else(|| invalid("there is no ID token"))?;
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
    let claims = token.claims(&verifier, nonce).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            TokenError::UnknownKey
        }
        ClaimsVerificationError::SignatureVerification(inner) => invalid(inner),
        other => invalid(other),
    })?;
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(invalid)?;
        let key = token.signing_key(&verifier).map_err(invalid)?;
        let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).map_err(invalid)?;
        if actual != *expected {
            return Err(invalid("the access token has another hash"));
        }
    }
    Ok(external_identity(claims))
}

fn external_identity(claims: &CoreIdTokenClaims) -> ExternalIdentity {
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
