//! Tokens by public keys at an address: keys that change, keys that nobody knows, and what pretends to be signed.

use platform::jobs::Registry;
use serde_json::{Value, json};
use testkit::jwks_double::{JwksDouble, ProjectKey, unsigned};
use testkit::{Answer, BEGINNING, TestApp};
use time::Duration;

const ELLIPTIC: ProjectKey = ProjectKey::Elliptic("elliptic-1", 7);
const RSA: ProjectKey = ProjectKey::Rsa("rsa-1");
const NEXT: ProjectKey = ProjectKey::Elliptic("elliptic-2", 9);

async fn app(double: &JwksDouble) -> TestApp {
    let settings = [("MACHIYA_SUPABASE_JWKS_URL", double.url.as_str())];
    TestApp::start_with(&settings, |_| (axum::Router::new(), Registry::new())).await
}

fn claims() -> Value {
    let now = BEGINNING.unix_timestamp();
    json!({
        "sub": "0b6ff4a5-9b5c-4a68-9f0f-3a4f5d1c2b3a", "aud": "authenticated", "exp": now + 86_400, "iat": now,
        "email": "hana@example.jp", "role": "authenticated",
    })
}

async fn ask(app: &TestApp, token: &str) -> Answer {
    app.anonymous().with_header("authorization", &format!("Bearer {token}")).get("/api/auth/me").await
}

#[tokio::test]
async fn keys_of_both_kinds_at_an_address_verify_tokens_and_are_fetched_once() {
    let double = JwksDouble::start(&[ELLIPTIC, RSA]).await.unwrap();
    let app = app(&double).await;
    for key in [ELLIPTIC, RSA, ELLIPTIC, RSA] {
        let me = ask(&app, &key.token(&claims())).await.expect(200).json();
        assert_eq!(me["user"]["email"], "hana@example.jp", "{}", key.algorithm());
    }
    assert_eq!(double.fetches(), 1);
}

#[tokio::test]
async fn keys_may_change_and_unknown_names_make_nobody_ask_without_end() {
    let double = JwksDouble::start(&[ELLIPTIC]).await.unwrap();
    let app = app(&double).await;
    ask(&app, &ELLIPTIC.token(&claims())).await.expect(200);
    double.publish(&[NEXT]);
    // Within a minute of the last answer nobody is asked, whatever names are invented.
    for number in 0..20 {
        let invented = ELLIPTIC.token_that_says("ES256", &format!("invented-{number}"), &claims());
        ask(&app, &invented).await.expect_problem(401, "unauthorized");
    }
    ask(&app, &NEXT.token(&claims())).await.expect_problem(401, "unauthorized");
    assert_eq!(double.fetches(), 1);
    // After it an unknown name is a reason to ask, once for all who come at the same time.
    app.advance(Duration::seconds(61));
    let token = NEXT.token(&claims());
    let answers = futures::future::join_all((0..8).map(|_| ask(&app, &token))).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert_eq!(double.fetches(), 2);
    // A key that is no longer published is none.
    ask(&app, &ELLIPTIC.token(&claims())).await.expect_problem(401, "unauthorized");
    assert_eq!(double.fetches(), 2);
}

#[tokio::test]
async fn known_keys_serve_while_their_address_is_down_and_are_asked_for_again_each_hour() {
    let double = JwksDouble::start(&[ELLIPTIC]).await.unwrap();
    let app = app(&double).await;
    let token = ELLIPTIC.token(&claims());
    ask(&app, &token).await.expect(200);
    double.set_down(true);
    app.advance(Duration::minutes(59));
    ask(&app, &token).await.expect(200);
    assert_eq!(double.fetches(), 1);
    app.advance(Duration::minutes(2));
    ask(&app, &token).await.expect_problem(503, "keys_unavailable");
    double.set_down(false);
    ask(&app, &token).await.expect(200);
    assert_eq!(double.fetches(), 3);
}

#[tokio::test]
async fn the_key_decides_the_algorithm_and_an_unsigned_token_is_none() {
    let double = JwksDouble::start(&[ELLIPTIC, RSA]).await.unwrap();
    let app = app(&double).await;
    let modulus = RSA.public()["n"].as_str().unwrap().to_owned();
    let hmac = |secret: &str, key: &ProjectKey| {
        let header = jsonwebtoken::Header { kid: Some(key.id().to_owned()), ..Default::default() };
        let secret = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
        jsonwebtoken::encode(&header, &claims(), &secret).unwrap()
    };
    let wrong = [
        // Signed by one key in the name of another.
        RSA.token_that_says("RS256", ELLIPTIC.id(), &claims()),
        RSA.token_that_says("ES256", ELLIPTIC.id(), &claims()),
        ELLIPTIC.token_that_says("RS256", RSA.id(), &claims()),
        NEXT.token_that_says("ES256", ELLIPTIC.id(), &claims()),
        // The right key, and a word for another algorithm of its family or of another.
        RSA.token_that_says("RS512", RSA.id(), &claims()),
        RSA.token_that_says("PS256", RSA.id(), &claims()),
        ELLIPTIC.token_that_says("ES384", ELLIPTIC.id(), &claims()),
        // A public key as a secret.
        hmac(&modulus, &RSA),
        hmac(&ELLIPTIC.public().to_string(), &ELLIPTIC),
        // No signature at all.
        format!("{}.", unsigned("none", ELLIPTIC.id(), &claims())),
        format!("{}.", unsigned("None", RSA.id(), &claims())),
        format!("{}.", unsigned("ES256", ELLIPTIC.id(), &claims())),
        format!("{}.", unsigned("RS256", RSA.id(), &claims())),
    ];
    for token in wrong {
        ask(&app, &token).await.expect_problem(401, "unauthorized");
    }
    ask(&app, &ELLIPTIC.token(&claims())).await.expect(200);
    let people: i64 = app.value("select count(*) from user_profiles").await;
    assert_eq!(people, 1, "only the real token made anybody known");
}
