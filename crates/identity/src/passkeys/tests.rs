//! Passkeys, with a software authenticator that misbehaves on command.

use axum::Router;
use platform::jobs::Registry;
use serde_json::{Value, json};
use testkit::authenticator::{Authenticator, AuthenticatorError};
use testkit::{Answer, TestApp, TestUser};
use time::Duration;

async fn app() -> TestApp {
    TestApp::start(|_| (Router::new(), Registry::new())).await
}

/// A device whose browser shows the platform at `localhost`, for which an installation at a loopback address takes passkeys.
fn device(app: &TestApp) -> Authenticator {
    Authenticator::new(&app.url.replace("127.0.0.1", "localhost"), "localhost")
}

async fn begin(app: &TestApp, body: &Value) -> (String, Value) {
    let begun = app.anonymous().post("/api/auth/passkeys/options", body).await.expect(200).json();
    (begun["ceremony"].as_str().expect("a ceremony").to_owned(), begun["publicKey"].clone())
}

async fn add(user: &TestUser, device: &mut Authenticator, fault: Option<AuthenticatorError>) -> Answer {
    let begun = user.client.post("/api/account/passkeys/options", &json!({})).await.expect(200).json();
    let credential = device.create(&begun["publicKey"], fault);
    let body = json!({"ceremony": begun["ceremony"], "credential": credential, "name": "電話"});
    user.client.post("/api/account/passkeys", &body).await
}

async fn log_in(app: &TestApp, device: &mut Authenticator, fault: Option<AuthenticatorError>) -> Answer {
    let (ceremony, options) = begin(app, &json!({})).await;
    let body = json!({"ceremony": ceremony, "credential": device.get(&options, fault)});
    app.anonymous().post("/api/auth/passkeys/login", &body).await
}

#[tokio::test]
async fn a_passkey_opens_the_account_without_a_name() {
    let app = app().await;
    let hana = app.user("花").await;
    let mut phone = device(&app);
    let begun = hana.client.post("/api/account/passkeys/options", &json!({})).await.expect(200).json();
    let options = &begun["publicKey"];
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], hana.email);
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    let added = add(&hana, &mut phone, None).await.expect(201).json();
    assert_eq!(added["passkey"]["name"], "電話");
    assert_eq!(added["recoveryCodes"].as_array().map(Vec::len), Some(10));

    let (_, asked) = begin(&app, &json!({"purpose": "log_in"})).await;
    assert_eq!((&asked["rpId"], &asked["userVerification"]), (&json!("localhost"), &json!("required")));
    assert_eq!(asked["allowCredentials"], json!([]));
    app.advance(Duration::seconds(1));
    let entered = log_in(&app, &mut phone, None).await.expect(200).json();
    assert_eq!(entered["user"]["email"], hana.email);
    let factors: Vec<String> =
        app.value("select factors from sessions order by created_at desc, id desc limit 1").await;
    assert_eq!(factors, ["passkey"]);
    let listed = hana.client.get("/api/account/passkeys").await.expect(200).json();
    assert_eq!(listed["items"][0]["lastUsedAt"], "2026-11-20T03:00:01Z");
    let excluded = hana.client.post("/api/account/passkeys/options", &json!({})).await.expect(200).json();
    assert_eq!(excluded["publicKey"]["excludeCredentials"][0]["id"], phone.credential_id());
}

#[tokio::test]
async fn what_an_authenticator_does_wrong_is_refused() {
    let app = app().await;
    let hana = app.user("花").await;
    let faults = [
        AuthenticatorError::ForeignOrigin,
        AuthenticatorError::ForeignDomain,
        AuthenticatorError::OtherChallenge,
        AuthenticatorError::NotVerified,
        AuthenticatorError::NotPresent,
        AuthenticatorError::OtherCeremony,
    ];
    for fault in faults {
        add(&hana, &mut device(&app), Some(fault)).await.expect_problem(422, "passkey_refused");
    }
    let mut phone = device(&app);
    add(&hana, &mut phone, None).await.expect(201);
    log_in(&app, &mut phone, None).await.expect(200);
    let more =
        [AuthenticatorError::ForeignSignature, AuthenticatorError::CounterWentBack, AuthenticatorError::OtherOwner];
    for fault in faults.into_iter().chain(more) {
        log_in(&app, &mut phone, Some(fault)).await.expect_problem(401, "passkey_refused");
    }
    let noted: i64 =
        app.value("select count(*) from audit_logs where action = 'users.passkey_counter_went_back'").await;
    assert_eq!(noted, 1);
    log_in(&app, &mut device(&app), None).await.expect_problem(401, "passkey_refused");
}

#[tokio::test]
async fn a_ceremony_is_answered_once_in_time_and_for_its_purpose() {
    let app = app().await;
    let (hana, jiro) = (app.user("花").await, app.user("次郎").await);
    let mut phone = device(&app);
    add(&hana, &mut phone, None).await.expect(201);
    let send = async |ceremony: &str, credential: &Value| {
        let body = json!({"ceremony": ceremony, "credential": credential});
        app.anonymous().post("/api/auth/passkeys/login", &body).await
    };
    let (ceremony, options) = begin(&app, &json!({})).await;
    let credential = phone.get(&options, None);
    send(&ceremony, &credential).await.expect(200);
    send(&ceremony, &credential).await.expect_problem(401, "passkey_refused");
    let (late, options) = begin(&app, &json!({})).await;
    let credential = phone.get(&options, None);
    app.advance(Duration::minutes(5));
    send(&late, &credential).await.expect_problem(401, "passkey_refused");
    // A challenge for one purpose is none for another, and one person's is none for the other's.
    let begun = hana.client.post("/api/auth/passkeys/options", &json!({"purpose": "prove"})).await.expect(200).json();
    let body = json!({"ceremony": begun["ceremony"], "credential": phone.get(&begun["publicKey"], None)});
    app.anonymous().post("/api/auth/passkeys/login", &body).await.expect_problem(401, "passkey_refused");
    let begun = jiro.client.post("/api/auth/passkeys/options", &json!({"purpose": "prove"})).await.expect(200).json();
    let body = json!({"ceremony": begun["ceremony"], "credential": phone.get(&begun["publicKey"], None)});
    jiro.client.post("/api/auth/passkeys/prove", &body).await.expect_problem(401, "passkey_refused");
    let begun = jiro.client.post("/api/account/passkeys/options", &json!({})).await.expect(200).json();
    let body = json!({"ceremony": begun["ceremony"], "credential": device(&app).create(&begun["publicKey"], None)});
    hana.client.post("/api/account/passkeys", &body).await.expect_problem(422, "passkey_refused");
    for odd in [json!({}), json!("x"), json!({"id": "", "rawId": "?", "type": 1, "response": null})] {
        let (ceremony, _) = begin(&app, &json!({})).await;
        send(&ceremony, &odd).await.expect_problem(401, "passkey_refused");
    }
}

#[tokio::test]
async fn a_passkey_is_the_second_proof_after_a_password() {
    let app = app().await;
    let (hana, jiro) = (app.user("花").await, app.user("次郎").await);
    let (mut phone, mut jiros) = (device(&app), device(&app));
    add(&hana, &mut phone, None).await.expect(201);
    add(&jiro, &mut jiros, None).await.expect(201);
    let body = json!({"email": hana.email, "password": TestUser::PASSWORD});
    let asked =
        app.anonymous().post("/api/auth/login", &body).await.expect_problem(401, "second_factor_required").json();
    assert_eq!(asked["methods"], json!(["passkey", "recovery_code"]));
    let challenge = asked["challenge"].as_str().expect("a challenge");
    let give = async |device: &mut Authenticator| {
        let (ceremony, options) = begin(&app, &json!({"purpose": "second_factor", "challenge": challenge})).await;
        let credential = device.get(&options, None);
        let body = json!({"challenge": challenge, "ceremony": ceremony, "credential": credential});
        app.anonymous().post("/api/auth/second-factor", &body).await
    };
    give(&mut jiros).await.expect_problem(401, "passkey_refused");
    app.advance(Duration::seconds(1));
    let entered = give(&mut phone).await.expect(200).json();
    assert_eq!(entered["user"]["email"], hana.email);
    let factors: Vec<String> =
        app.value("select factors from sessions order by created_at desc, id desc limit 1").await;
    assert_eq!(factors, ["password", "passkey"]);
    let again = json!({"purpose": "second_factor", "challenge": challenge});
    app.anonymous().post("/api/auth/passkeys/options", &again).await.expect_problem(401, "challenge_ended");
}

#[tokio::test]
async fn a_passkey_proves_again_who_somebody_is() {
    let app = app().await;
    let hana = app.user("花").await;
    let mut phone = device(&app);
    let id = add(&hana, &mut phone, None).await.expect(201).json()["passkey"]["id"].as_str().expect("an id").to_owned();
    app.advance(Duration::minutes(11));
    let path = format!("/api/account/passkeys/{id}");
    hana.client.delete(&path).await.expect_problem(403, "reauthentication_required");
    let begun = hana.client.post("/api/auth/passkeys/options", &json!({"purpose": "prove"})).await.expect(200).json();
    let body = json!({"ceremony": begun["ceremony"], "credential": phone.get(&begun["publicKey"], None)});
    hana.client.post("/api/auth/passkeys/prove", &body).await.expect(204);
    hana.client.delete(&path).await.expect(204);
    log_in(&app, &mut phone, None).await.expect_problem(401, "passkey_refused");
    let body = json!({"email": hana.email, "password": TestUser::PASSWORD});
    app.anonymous().post("/api/auth/login", &body).await.expect(200);
}

#[tokio::test]
async fn passkeys_are_named_and_taken_away_by_their_owner_only() {
    let app = app().await;
    let (hana, jiro) = (app.user("花").await, app.user("次郎").await);
    let mut phone = device(&app);
    let added = add(&hana, &mut phone, None).await.expect(201).json();
    let path = format!("/api/account/passkeys/{}", added["passkey"]["id"].as_str().expect("an id"));
    let name = |name: &str| serde_json::to_vec(&json!({"name": name})).expect("JSON");
    let patch = async |user: &TestUser, body: Vec<u8>| {
        user.client
            .send(http::Method::PATCH, &path, |request| request.header("content-type", "application/json").body(body))
            .await
    };
    patch(&jiro, name("mine")).await.expect_problem(404, "not_found");
    jiro.client.delete(&path).await.expect_problem(404, "not_found");
    patch(&hana, name("")).await.expect_problem(422, "invalid_input");
    patch(&hana, name("仕事用の電話")).await.expect(204);
    assert_eq!(hana.client.get("/api/account/passkeys").await.json()["items"][0]["name"], "仕事用の電話");
    assert_eq!(jiro.client.get("/api/account/passkeys").await.json()["items"], json!([]));
    // The same key cannot be two people's.
    let begun = jiro.client.post("/api/account/passkeys/options", &json!({})).await.expect(200).json();
    let body =
        json!({"ceremony": begun["ceremony"], "credential": phone.create(&begun["publicKey"], None), "name": ""});
    jiro.client.post("/api/account/passkeys", &body).await.expect_problem(409, "passkey_known");
    // The last way in stays.
    app.execute(&format!("delete from user_passwords where user_id = '{}'", hana.id)).await;
    hana.client.delete(&path).await.expect_problem(409, "last_login_method");
}

#[tokio::test]
async fn the_forms_log_in_and_add() {
    let app = app().await;
    let hana = app.user("花").await;
    let mut phone = device(&app);
    let browser = app.anonymous().as_browser();
    let form = [("email", hana.email.as_str()), ("password", TestUser::PASSWORD)];
    let entered = browser.post_form("/login", &form).await.expect(303);
    let inside =
        browser.clone().with_header("cookie", entered.header("set-cookie").split(';').next().unwrap_or_default());
    let begun = inside.post("/api/account/passkeys/options", &json!({})).await.expect(200).json();
    let credential = phone.create(&begun["publicKey"], None).to_string();
    let ceremony = begun["ceremony"].as_str().expect("a ceremony").to_owned();
    let form = [("ceremony", ceremony.as_str()), ("credential", credential.as_str()), ("name", "")];
    let added = inside.post_form("/account/security/passkeys", &form).await.expect(200);
    assert_eq!(added.text().matches("codes__code").count(), 10);

    let (ceremony, options) = begin(&app, &json!({})).await;
    let credential = phone.get(&options, None).to_string();
    let form = [("ceremony", ceremony.as_str()), ("credential", credential.as_str()), ("next", "/me")];
    let evil = app.anonymous().with_header("origin", "https://evil.example");
    evil.post_form("/login/passkey", &form).await.expect_problem(403, "foreign_origin");
    let entered = browser.post_form("/login/passkey", &form).await.expect(303);
    assert_eq!(entered.header("location"), "/me");
    assert!(entered.header("set-cookie").starts_with("machiya_session=machiya_"));
    let again = browser.post_form("/login/passkey", &form).await.expect(303);
    assert_eq!(again.header("location"), "/login?next=%2Fme");
}
