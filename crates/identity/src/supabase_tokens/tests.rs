//! Tokens of a Supabase project, and what pretends to be one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::ecdsa::SigningKey;
use p256::pkcs8::EncodePrivateKey as _;
use platform::jobs::Registry;
use serde_json::{Value, json};
use testkit::{Answer, BEGINNING, TestApp};
use time::Duration;

const SECRET: &str = "a secret of a supabase project, long enough";
const PERSON: &str = "0b6ff4a5-9b5c-4a68-9f0f-3a4f5d1c2b3a";

async fn app(settings: &[(&str, &str)]) -> TestApp {
    TestApp::start_with(settings, |_| (axum::Router::new(), Registry::new())).await
}

fn claims() -> Value {
    let now = BEGINNING.unix_timestamp();
    json!({
        "iss": "https://project.supabase.co/auth/v1", "sub": PERSON, "aud": "authenticated", "exp": now + 3_600,
        "iat": now, "email": "Hana@Example.jp", "role": "authenticated",
        "session_id": "5f1f4a3c-77a7-4c1c-8b5a-0a9d7b1e2c3d", "user_metadata": {"full_name": "町屋 花"},
    })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn signed(claims: &Value) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

async fn ask(app: &TestApp, token: &str) -> Answer {
    app.anonymous().with_header("authorization", &format!("Bearer {token}")).get("/api/auth/me").await
}

#[tokio::test]
async fn a_project_s_people_are_known_at_first_sight() {
    let app = app(&[("SUPABASE_JWT_SECRET", SECRET)]).await;
    for _ in 0..2 {
        let me = ask(&app, &signed(&claims())).await.expect(200).json();
        assert_eq!(me["user"]["id"], PERSON);
        assert_eq!(me["user"]["email"], "hana@example.jp");
        assert_eq!(me["user"]["displayName"], "町屋 花");
        assert_eq!(me["user"]["role"], "user", "a project's claims give no role here");
        assert_eq!(me["user"]["emailVerified"], false, "nor is its word for a mailbox taken");
    }
    let people: i64 = app.value("select count(*) from user_profiles").await;
    assert_eq!(people, 1);
    // Such a token proves nothing anew.
    let bearer = app.anonymous().with_header("authorization", &format!("Bearer {}", signed(&claims())));
    let body = json!({"name": "x", "scopes": ["read"]});
    bearer.post("/api/account/tokens", &body).await.expect_problem(403, "reauthentication_required");
}

#[tokio::test]
async fn what_is_late_for_others_or_no_person_s_does_not_count() {
    let app =
        app(&[("SUPABASE_JWT_SECRET", SECRET), ("MACHIYA_SUPABASE_ISSUER", "https://project.supabase.co/auth/v1")])
            .await;
    let now = BEGINNING.unix_timestamp();
    let refused = [
        with(claims(), "exp", json!(now - 60)),
        with(claims(), "exp", Value::Null),
        with(claims(), "nbf", json!(now + 600)),
        with(claims(), "aud", json!("somebody else")),
        with(claims(), "aud", json!([])),
        with(claims(), "iss", json!("https://other.supabase.co/auth/v1")),
        with(claims(), "iss", Value::Null),
        with(claims(), "role", json!("service_role")),
        with(claims(), "role", json!("anon")),
        with(claims(), "is_anonymous", json!(true)),
        with(claims(), "sub", json!("hana")),
        with(claims(), "email", Value::Null),
        with(claims(), "email", json!("no address")),
    ];
    for wrong in refused {
        ask(&app, &signed(&wrong)).await.expect_problem(401, "unauthorized");
    }
    ask(&app, &signed(&claims())).await.expect(200);
    app.advance(Duration::hours(2));
    ask(&app, &signed(&claims())).await.expect_problem(401, "unauthorized");
    for bent in ["", "a.b.c", "a.b", "....", &"x.".repeat(9_000)] {
        ask(&app, bent).await.expect_problem(401, "unauthorized");
    }
}

#[tokio::test]
async fn a_token_does_not_choose_its_algorithm() {
    let app = app(&[("SUPABASE_JWT_SECRET", SECRET)]).await;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for algorithm in ["none", "None", "HS384", "RS256", "ES256"] {
        let header = json!({"alg": algorithm, "typ": "JWT"});
        for signature in ["", "AAAA"] {
            let token = format!("{}.{}.{signature}", part(&header), part(&claims()));
            ask(&app, &token).await.expect_problem(401, "unauthorized");
        }
    }
    let other = EncodingKey::from_secret(b"another secret, as long as it should be");
    let forged = encode(&Header::new(Algorithm::HS256), &claims(), &other).unwrap();
    ask(&app, &forged).await.expect_problem(401, "unauthorized");
    let stronger = encode(&Header::new(Algorithm::HS512), &claims(), &EncodingKey::from_secret(SECRET.as_bytes()));
    ask(&app, &stronger.unwrap()).await.expect_problem(401, "unauthorized");
}

/// The key pair of the project.
fn pair() -> (EncodingKey, String, String) {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_encoded_point(false);
    let part = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.unwrap());
    let (x, y) = (part(point.x().map(|x| &x[..])), part(point.y().map(|y| &y[..])));
    (EncodingKey::from_ec_der(key.to_pkcs8_der().unwrap().as_bytes()), x, y)
}

fn jwks() -> String {
    let (_, x, y) = pair();
    json!({"keys": [
        {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "one", "x": x, "y": y},
        {"kty": "oct", "alg": "HS256", "kid": "secret", "k": URL_SAFE_NO_PAD.encode(SECRET)},
    ]})
    .to_string()
}

#[tokio::test]
async fn public_keys_verify_and_never_become_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, jwks()).unwrap();
    let app = app(&[("MACHIYA_SUPABASE_JWKS_FILE", path.to_str().unwrap())]).await;
    let header = |algorithm, kid: &str| Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) };
    let (private, public_x, _) = pair();
    let token = encode(&header(Algorithm::ES256, "one"), &claims(), &private).unwrap();
    ask(&app, &token).await.expect(200);
    let unknown = encode(&header(Algorithm::ES256, "two"), &claims(), &private).unwrap();
    ask(&app, &unknown).await.expect_problem(401, "unauthorized");
    let nameless = encode(&Header::new(Algorithm::ES256), &claims(), &private).unwrap();
    ask(&app, &nameless).await.expect_problem(401, "unauthorized");
    // The public key used as if it were a secret, and a secret that somebody put into the public list.
    for secret in [public_x.as_bytes(), jwks().as_bytes()] {
        let confused = encode(&header(Algorithm::HS256, "one"), &claims(), &EncodingKey::from_secret(secret)).unwrap();
        ask(&app, &confused).await.expect_problem(401, "unauthorized");
    }
    let listed = encode(&header(Algorithm::HS256, "secret"), &claims(), &EncodingKey::from_secret(SECRET.as_bytes()));
    ask(&app, &listed.unwrap()).await.expect_problem(401, "unauthorized");
}

#[tokio::test]
async fn an_address_that_somebody_has_here_opens_nothing() {
    let app = app(&[("SUPABASE_JWT_SECRET", SECRET)]).await;
    let hana = app.user("花").await;
    let theirs = with(claims(), "email", json!(hana.email));
    ask(&app, &signed(&theirs)).await.expect_problem(401, "unauthorized");
    let people: i64 = app.value("select count(*) from user_profiles").await;
    assert_eq!(people, 1);
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_a_part_that_is_down() {
    let app = app(&[("MACHIYA_SUPABASE_JWKS_URL", "http://127.0.0.1:9/jwks.json")]).await;
    let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::ES256) };
    let (private, ..) = pair();
    let token = encode(&header, &claims(), &private).unwrap();
    ask(&app, &token).await.expect_problem(503, "keys_unavailable");
    let unconfigured = self::app(&[]).await;
    ask(&unconfigured, &token).await.expect_problem(401, "unauthorized");
}
