//! The double's tokens and the key under them.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPrivateKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::world::{OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OidcError, OidcPerson, Shared};

/// The two primes of the double's key, which everybody may know: drawing new ones takes a debug build many seconds.
const PRIMES: [&str; 2] = [
    "f94bb7cade1bfe16bdb4a022cfe8caa788fae2e5e33e1ef92eef457c4989ecdcdb12f224d4504e063ac34d807d5772aeb659442eeaf02a97ae9b4ffa7d6e493ecf800f809bdbbcdd571c5e060b4e374726ab78b47392211ee43ecbb4b9d4b0cf8425f07e87082d3496a49b2875ad9b36accdb3bcca33f4532f9bb26f787a15e3",
    "c020010e7d0fea5e1a0df6de8b138c3181824960a6dc4d92d821916cb5a8247f9eb00c136bd209e5704587c00beef65d1c341b21c2cfe1c65d25578d068f4e18f091ab8fe814b6b1864ee4f2a8c851f56716ebe8979129924b5ec6a7017a472c3f86304f933e185c9af15aeb283f21a4145276c4f113e292774890da9a611345",
];

static KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| {
    let [first, second] = PRIMES.map(|digits| BigUint::parse_bytes(digits.as_bytes(), 16).unwrap_or_default());
    #[expect(clippy::expect_used, reason = "the two numbers are primes")]
    RsaPrivateKey::from_p_q(first, second, BigUint::from(65_537_u32)).expect("a key")
});

/// The private half, as it signs RS256.
pub(crate) fn signing_key() -> SigningKey<rsa::sha2::Sha256> {
    SigningKey::new(KEY.clone())
}

/// What the key is called after it was changed so many times.
pub(super) fn key_id(generation: u32) -> String {
    format!("double-{generation}")
}

/// The public half as a JSON Web Key.
pub(crate) fn public_key(key_id: &str) -> Value {
    json!({
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": key_id,
        "n": URL_SAFE_NO_PAD.encode(KEY.n().to_bytes_be()),
        "e": URL_SAFE_NO_PAD.encode(KEY.e().to_bytes_be()),
    })
}

/// The id token for a person, with what is wrong with it.
pub(super) fn id_token(shared: &Shared, person: &OidcPerson, nonce: &str, access_token: &str) -> String {
    let has = |fault: OidcError| shared.has(fault);
    let now = shared.clock.now().unix_timestamp();
    let (issued, expires) = match (has(OidcError::Expired), has(OidcError::IssuedTomorrow)) {
        (true, _) => (now - 7_200, now - 3_600),
        (_, true) => (now + 86_400, now + 90_000),
        _ => (now, now + 3_600),
    };
    let audience = match (has(OidcError::WrongAudience), has(OidcError::TwoAudiences)) {
        (true, _) => json!("somebody-else"),
        (_, true) => json!([OIDC_CLIENT_ID, "somebody-else"]),
        _ => json!(OIDC_CLIENT_ID),
    };
    let belongs_to = if has(OidcError::WrongAccessToken) { "another token" } else { access_token };
    let mut claims = json!({
        "iss": if has(OidcError::WrongIssuer) { "https://evil.example" } else { &shared.issuer },
        "aud": audience,
        "azp": OIDC_CLIENT_ID,
        "iat": issued,
        "exp": expires,
        "nonce": if has(OidcError::WrongNonce) { "another nonce" } else { nonce },
        "at_hash": URL_SAFE_NO_PAD.encode(&Sha256::digest(belongs_to.as_bytes())[..16]),
        "sub": person.subject,
        "name": person.name,
        "email_verified": person.email_verified,
    });
    if let Some(email) = &person.email {
        claims["email"] = json!(email);
    }
    if has(OidcError::NoSubject)
        && let Some(claims) = claims.as_object_mut()
    {
        claims.remove("sub");
    }
    sealed(shared, &claims)
}

fn sealed(shared: &Shared, claims: &Value) -> String {
    let algorithm = match (shared.has(OidcError::AlgorithmNone), shared.has(OidcError::AlgorithmHs256)) {
        (true, _) => "none",
        (_, true) => "HS256",
        _ => "RS256",
    };
    let generation = shared.with(|world| world.generation);
    let kid = if shared.has(OidcError::UnknownKey) { "nobody-knows".to_owned() } else { key_id(generation) };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let body = format!("{}.{}", part(&json!({"typ": "JWT", "alg": algorithm, "kid": kid})), part(claims));
    let signed = if shared.has(OidcError::WrongSignature) { "something else" } else { &body };
    let signature = match algorithm {
        "none" => Vec::new(),
        "HS256" => {
            #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
            let mut mac = Hmac::<Sha256>::new_from_slice(OIDC_CLIENT_SECRET.as_bytes()).expect("a key");
            mac.update(body.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        _ => signing_key().sign(signed.as_bytes()).to_vec(),
    };
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
}
