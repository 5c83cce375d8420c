//! Second proofs, over real HTTP and a real database, with a clock that the test moves.

use axum::Router;
use axum::routing::get;
use futures::future::join_all;
use platform::http::Operator;
use platform::jobs::Registry;
use serde_json::json;
use testkit::{Answer, TestApp, TestClient, TestUser};
use time::Duration;
use totp_rs::{Builder, Secret};

async fn app() -> TestApp {
    TestApp::start(|_| (Router::new(), Registry::new())).await
}

/// The code that an app with this secret shows now.
fn code(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("base32");
    let totp = Builder::new().with_secret(secret).build().expect("a secret");
    let seconds = u64::try_from(app.state.clock.now().unix_timestamp()).expect("after 1970");
    totp.generate(seconds).to_string()
}

/// Sets up an app for somebody and moves on to the next code; answers the secret and the recovery codes.
async fn set_up(app: &TestApp, user: &TestUser) -> (String, Vec<String>) {
    let begun = user.client.post("/api/account/totp", &json!({})).await.expect(201).json();
    let secret = begun["secret"].as_str().expect("a secret").to_owned();
    let body = json!({"code": code(app, &secret)});
    let confirmed = user.client.post("/api/account/totp/confirm", &body).await.expect(200).json();
    let codes = confirmed["recoveryCodes"].as_array().expect("codes").iter();
    let codes = codes.map(|code| code.as_str().expect("a code").to_owned()).collect();
    app.advance(Duration::seconds(30));
    (secret, codes)
}

async fn log_in(app: &TestApp, user: &TestUser) -> Answer {
    let body = json!({"email": user.email, "password": TestUser::PASSWORD});
    app.anonymous().post("/api/auth/login", &body).await
}

async fn challenge(app: &TestApp, user: &TestUser) -> String {
    let answer = log_in(app, user).await.expect_problem(401, "second_factor_required");
    answer.json()["challenge"].as_str().expect("a challenge").to_owned()
}

async fn answer(app: &TestApp, challenge: &str, code: &str) -> Answer {
    app.anonymous().post("/api/auth/second-factor", &json!({"challenge": challenge, "code": code})).await
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(answer: &Answer) -> String {
    let pairs = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let pairs = pairs.filter_map(|text| text.split(';').next()).filter(|pair| !pair.ends_with('='));
    pairs.collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn an_app_is_set_up_and_asked_for_from_then_on() {
    let app = app().await;
    let hana = app.user("花").await;
    let begun = hana.client.post("/api/account/totp", &json!({})).await.expect(201).json();
    assert!(begun["address"].as_str().is_some_and(|address| address.starts_with("otpauth://totp/")));
    log_in(&app, &hana).await.expect(200);
    let wrong = hana.client.post("/api/account/totp/confirm", &json!({"code": "000000"})).await;
    assert_eq!(wrong.expect_problem(422, "invalid_input").json()["fields"][0]["error"], "wrong_code");

    let (secret, codes) = set_up(&app, &hana).await;
    assert_eq!(codes.len(), 10);
    hana.client.post("/api/account/totp", &json!({})).await.expect_problem(409, "totp_is_on");
    let shown = hana.client.get("/api/account/second-factors").await.expect(200).json();
    assert_eq!(shown, json!({"isOn": true, "totp": true, "passkeys": 0, "recoveryCodes": 10}));

    let asked = log_in(&app, &hana).await.expect_problem(401, "second_factor_required").json();
    assert_eq!(asked["methods"], json!(["totp", "recovery_code"]));
    assert_eq!(asked["expiresAt"], "2026-11-20T03:10:30Z");
    assert_eq!(asked.get("accessToken"), None);
    let challenge = asked["challenge"].as_str().expect("a challenge");
    let entered = answer(&app, challenge, &code(&app, &secret)).await.expect(200).json();
    let token = entered["accessToken"].as_str().expect("a token");
    let inside = app.anonymous().with_header("authorization", &format!("Bearer {token}"));
    assert_eq!(inside.get("/api/auth/me").await.expect(200).json()["user"]["email"], hana.email);
    let factors: Vec<String> =
        app.value("select factors from sessions order by created_at desc, id desc limit 1").await;
    assert_eq!(factors, ["password", "totp"]);
    app.drain().await;
    let mails: i64 = app.value("select count(*) from mails where dedupe_key like 'factors-totp-on/%'").await;
    assert_eq!(mails, 1);
}

#[tokio::test]
async fn a_code_works_once_and_for_its_time() {
    let app = app().await;
    let hana = app.user("花").await;
    let (secret, _) = set_up(&app, &hana).await;
    let old = code(&app, &secret);
    answer(&app, &challenge(&app, &hana).await, &old).await.expect(200);
    // The same code, by somebody who looked over a shoulder.
    answer(&app, &challenge(&app, &hana).await, &old).await.expect_problem(401, "wrong_code");
    app.advance(Duration::seconds(30));
    let next = code(&app, &secret);
    app.advance(Duration::seconds(30));
    let typed = format!(" {} {} ", &next[..3], &next[3..]);
    answer(&app, &challenge(&app, &hana).await, &typed).await.expect(200);
    let late = code(&app, &secret);
    app.advance(Duration::seconds(90));
    answer(&app, &challenge(&app, &hana).await, &late).await.expect_problem(401, "wrong_code");
    // Of many at once with one right code, one comes in.
    let right = code(&app, &secret);
    let challenges = join_all((0..3).map(|_| challenge(&app, &hana))).await;
    let statuses = join_all(challenges.iter().map(|challenge| answer(&app, challenge, &right))).await;
    assert_eq!(statuses.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn a_challenge_works_once_and_not_for_long() {
    let app = app().await;
    let hana = app.user("花").await;
    let (secret, codes) = set_up(&app, &hana).await;
    let used = challenge(&app, &hana).await;
    answer(&app, &used, &code(&app, &secret)).await.expect(200);
    answer(&app, &used, &codes[0]).await.expect_problem(401, "challenge_ended");
    let old = challenge(&app, &hana).await;
    app.advance(Duration::minutes(10));
    answer(&app, &old, &code(&app, &secret)).await.expect_problem(401, "challenge_ended");
    for odd in ["", "x", &"a".repeat(43)] {
        answer(&app, odd, "123456").await.expect_problem(401, "challenge_ended");
    }
    // What was opened before the factors changed is over.
    let before = challenge(&app, &hana).await;
    let again = app.anonymous().post("/api/auth/second-factor", &json!({"challenge": before})).await;
    again.expect_problem(422, "invalid_input");
    let proof = json!({"password": TestUser::PASSWORD});
    hana.client.post("/api/auth/reauthenticate", &proof).await.expect(204);
    hana.client.delete("/api/account/totp").await.expect(204);
    answer(&app, &before, &code(&app, &secret)).await.expect_problem(401, "challenge_ended");
    log_in(&app, &hana).await.expect(200);
    let codes: i64 = app.value("select count(*) from recovery_codes").await;
    assert_eq!(codes, 0, "the codes went with the last factor");
}

#[tokio::test]
async fn guesses_are_counted_before_they_are_looked_at() {
    let app = app().await;
    let hana = app.user("花").await;
    let (secret, _) = set_up(&app, &hana).await;
    let right = code(&app, &secret);
    let guessed = challenge(&app, &hana).await;
    let guesses = (0..50).map(|number| {
        let wrong = if right == format!("{number:06}") { "999999".to_owned() } else { format!("{number:06}") };
        let (app, guessed) = (&app, &guessed);
        async move { answer(app, guessed, &wrong).await.status.as_u16() }
    });
    let statuses = join_all(guesses).await;
    let failures: i32 = app.value("select failures from totp_secrets").await;
    assert_eq!(failures, 5, "{statuses:?}");
    app.advance(Duration::minutes(5));
    answer(&app, &guessed, &code(&app, &secret)).await.expect_problem(401, "challenge_ended");
    let mails: i64 = app.value("select count(*) from mails where dedupe_key like 'factors-wrong-codes/%'").await;
    assert_eq!(mails, 1, "the owner is told, once");
    answer(&app, &challenge(&app, &hana).await, &code(&app, &secret)).await.expect(200);
    let failures: i32 = app.value("select failures from totp_secrets").await;
    assert_eq!(failures, 0);
}

#[tokio::test]
async fn after_a_hundred_wrong_codes_only_another_factor_helps() {
    let app = app().await;
    let hana = app.user("花").await;
    let (secret, codes) = set_up(&app, &hana).await;
    app.execute("update totp_secrets set failures = 100").await;
    let locked = challenge(&app, &hana).await;
    answer(&app, &locked, &code(&app, &secret)).await.expect_problem(401, "wrong_code");
    answer(&app, &locked, &codes[3]).await.expect(200);
    app.advance(Duration::seconds(30));
    answer(&app, &challenge(&app, &hana).await, &code(&app, &secret)).await.expect(200);
}

#[tokio::test]
async fn a_recovery_code_works_once_even_for_two_at_once() {
    let app = app().await;
    let hana = app.user("花").await;
    let (_, codes) = set_up(&app, &hana).await;
    let (one, other) = (challenge(&app, &hana).await, challenge(&app, &hana).await);
    let typed = codes[7].to_uppercase().replace('-', " ");
    let both = join_all([answer(&app, &one, &typed), answer(&app, &other, &codes[7])]).await;
    let mut statuses: Vec<u16> = both.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let shown = hana.client.get("/api/account/second-factors").await.expect(200).json();
    assert_eq!(shown["recoveryCodes"], 9);
    let mail: String =
        app.value("select body_text from mails where dedupe_key like 'factors-recovery-code-used/%'").await;
    assert!(mail.contains('9') && !mail.contains(&codes[7]), "{mail}");

    let fresh = hana.client.post("/api/account/recovery-codes", &json!({})).await.expect(200).json();
    assert_eq!(fresh["recoveryCodes"].as_array().map(Vec::len), Some(10));
    answer(&app, &challenge(&app, &hana).await, &codes[2]).await.expect_problem(401, "wrong_code");
    let new = fresh["recoveryCodes"][2].as_str().expect("a code");
    answer(&app, &challenge(&app, &hana).await, new).await.expect(200);
}

#[tokio::test]
async fn one_persons_codes_do_not_answer_anothers_challenge() {
    let app = app().await;
    let (hana, jiro) = (app.user("花").await, app.user("次郎").await);
    let (hanas, hanas_codes) = set_up(&app, &hana).await;
    let (jiros, jiros_codes) = set_up(&app, &jiro).await;
    app.advance(Duration::seconds(30));
    let hers = challenge(&app, &hana).await;
    answer(&app, &hers, &code(&app, &jiros)).await.expect_problem(401, "wrong_code");
    answer(&app, &hers, &jiros_codes[0]).await.expect_problem(401, "wrong_code");
    let entered = answer(&app, &hers, &code(&app, &hanas)).await.expect(200).json();
    assert_eq!(entered["user"]["email"], hana.email);
    assert!(hanas_codes.iter().all(|code| !jiros_codes.contains(code)));
}

#[tokio::test]
async fn nothing_is_set_up_or_taken_away_without_a_recent_proof() {
    let app = app().await;
    let hana = app.user("花").await;
    set_up(&app, &hana).await;
    app.advance(Duration::minutes(11));
    let refused = "reauthentication_required";
    hana.client.delete("/api/account/totp").await.expect_problem(403, refused);
    hana.client.post("/api/account/recovery-codes", &json!({})).await.expect_problem(403, refused);
    hana.client.post("/api/account/totp", &json!({})).await.expect_problem(403, refused);
    hana.client.post("/api/account/totp/confirm", &json!({"code": "123456"})).await.expect_problem(403, refused);
    hana.client.post("/api/account/passkeys/options", &json!({})).await.expect_problem(403, refused);
    app.anonymous().delete("/api/account/totp").await.expect_problem(401, "unauthorized");
    let shown = hana.client.get("/api/account/second-factors").await.expect(200).json();
    assert_eq!(shown["totp"], true);
}

#[tokio::test]
async fn the_database_alone_makes_no_codes() {
    let app = app().await;
    let hana = app.user("花").await;
    let (secret, codes) = set_up(&app, &hana).await;
    let dump: String = app
        .value(
            "select (select string_agg(t::text, '') from totp_secrets t) || (select string_agg(r::text, '') from recovery_codes r)
               || (select string_agg(a::text, '') from audit_logs a) || (select string_agg(m::text, '') from mails m)",
        )
        .await;
    let bytes = Secret::try_from_base32(&secret).expect("base32");
    let hex: String = bytes.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!dump.contains(&secret) && !dump.contains(&hex));
    assert!(codes.iter().all(|code| !dump.contains(code) && !dump.contains(&code.replace('-', ""))));
    assert!(dump.contains("$argon2id$"));
}

/// A browser that has given the right password and is sent to the second page.
async fn at_the_second_step(app: &TestApp, user: &TestUser, more: &str) -> (TestClient, Answer) {
    let browser = app.anonymous().as_browser();
    let form = [("email", user.email.as_str()), ("password", TestUser::PASSWORD), ("next", "/me")];
    let first = browser.clone().with_header("cookie", more).post_form("/login", &form).await.expect(303);
    assert_eq!(first.header("location"), "/login/second-factor?next=%2Fme");
    let jar = cookies(&first);
    assert!(jar.starts_with("machiya_challenge=") && !jar.contains("machiya_session"), "{jar}");
    (browser.with_header("cookie", &format!("{more}; {jar}")), first)
}

#[tokio::test]
async fn the_pages_ask_without_script() {
    let app = app().await;
    let hana = app.user("花").await;
    let (secret, codes) = set_up(&app, &hana).await;
    let (browser, first) = at_the_second_step(&app, &hana, "a=b").await;
    let cookie = first.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=600"),
        "{cookie}"
    );
    let page = browser.get("/login/second-factor?next=/me").await.expect(200).text();
    assert!(page.contains("one-time-code") && page.contains("value=\"/me\""));
    let wrong = browser.post_form("/login/second-factor", &[("code", "000000"), ("next", "/me")]).await.expect(401);
    assert!(wrong.text().contains("aria-invalid"), "the field says what is wrong");
    let code = code(&app, &secret);
    let inside =
        browser.post_form("/login/second-factor", &[("code", code.as_str()), ("next", "/me")]).await.expect(303);
    assert_eq!(inside.header("location"), "/me");
    assert!(cookies(&inside).contains("machiya_session=machiya_"));
    let gone = browser.get("/login/second-factor").await.expect(303);
    assert_eq!(gone.header("location"), "/login?next=%2F", "the challenge is used up");

    let (browser, _) = at_the_second_step(&app, &hana, "a=b").await;
    let form = [("code", codes[0].as_str()), ("next", "//evil.example")];
    assert_eq!(browser.post_form("/login/second-factor", &form).await.expect(303).header("location"), "/studio");
}

#[tokio::test]
async fn a_planted_session_is_worth_nothing_and_other_sites_cannot_answer() {
    let app = app().await;
    let hana = app.user("花").await;
    let (secret, _) = set_up(&app, &hana).await;
    let planted = format!("machiya_session=machiya_{}", "A".repeat(43));
    let (browser, _) = at_the_second_step(&app, &hana, &planted).await;
    let code = code(&app, &secret);
    let evil =
        app.anonymous().with_header("origin", "https://evil.example").with_header("cookie", "machiya_challenge=x");
    evil.post_form("/login/second-factor", &[("code", code.as_str())]).await.expect_problem(403, "foreign_origin");
    evil.post_form("/account/security/totp/remove", &[("x", "y")]).await.expect_problem(403, "foreign_origin");
    let inside = browser.post_form("/login/second-factor", &[("code", code.as_str())]).await.expect(303);
    assert!(!cookies(&inside).contains(&planted));
    let fixed = app.anonymous().as_browser().with_header("cookie", &planted);
    assert_eq!(
        fixed.get("/account/security").await.expect(303).header("location"),
        "/login?next=%2Faccount%2Fsecurity"
    );
}

#[tokio::test]
async fn an_app_is_set_up_by_forms_and_the_session_gets_a_new_secret() {
    let app = app().await;
    let hana = app.user("花").await;
    let browser = app.anonymous().as_browser();
    let form = [("email", hana.email.as_str()), ("password", TestUser::PASSWORD)];
    let entered = browser.post_form("/login", &form).await.expect(303);
    let before = cookies(&entered);
    let inside = browser.clone().with_header("cookie", &before);
    let page = inside.get("/account/security").await.expect(200).text();
    assert!(page.contains("action=\"/account/security/totp\"") && page.contains("data-passkey=\"register\""));
    let begun = inside.post_form("/account/security/totp", &[("x", "y")]).await.expect(303);
    assert_eq!(begun.header("location"), "/account/security/totp");
    let page = inside.get("/account/security/totp").await.expect(200);
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    let address =
        text.split("href=\"otpauth://totp/").nth(1).and_then(|rest| rest.split('"').next()).expect("an address");
    let secret = address.split("secret=").nth(1).and_then(|rest| rest.split(['&', '"']).next()).expect("a secret");
    assert!(text.contains("<svg"), "the QR code is in the page");
    let wrong = inside.post_form("/account/security/totp/confirm", &[("code", "1")]).await.expect(422).text();
    assert!(wrong.contains("aria-invalid") && wrong.contains("<svg"));
    let code = code(&app, secret);
    let done = inside.post_form("/account/security/totp/confirm", &[("code", code.as_str())]).await.expect(200);
    assert_eq!(done.text().matches("codes__code").count(), 10);
    let after = cookies(&done);
    assert!(after.contains("machiya_session=") && after != before);
    let stale = inside.get("/account/security").await.expect(303);
    assert!(stale.header("location").starts_with("/login"), "the old secret is worth nothing");
    let fresh = browser.with_header("cookie", &after);
    assert!(fresh.get("/account/security").await.expect(200).text().contains("/account/security/totp/remove"));
    app.advance(Duration::minutes(11));
    let refused = fresh.post_form("/account/security/totp/remove", &[("confirmed", "yes")]).await.expect(303);
    assert!(refused.header("location").starts_with("/account/confirm"), "{}", refused.header("location"));
}

#[tokio::test]
async fn in_production_an_operator_needs_a_second_proof() {
    let settings = [
        ("MACHIYA_ENV", "production"),
        ("MACHIYA_STRIPE_SECRET_KEY", "sk_test_nobody"),
        ("MACHIYA_PUBLIC_URL", "https://app.example"),
    ];
    let routes = |_: &_| {
        let routes = Router::new()
            .route("/console/test", get(|Operator(member): Operator| async move { member.user.display_name }));
        (routes, Registry::new())
    };
    let app = TestApp::start_with(&settings, routes).await;
    let (warden, hana) = (app.operator("番人").await, app.user("花").await);
    hana.client.get("/console/test").await.expect_problem(404, "not_found");
    warden.client.get("/console/test").await.expect_problem(403, "second_factor_required");
    let page = warden.client.clone().as_browser().get("/console/test").await.expect(303);
    assert_eq!(page.header("location"), "/account/security#second-factor");
    let (secret, _) = set_up(&app, &warden).await;
    warden.client.get("/console/test").await.expect(200);
    let entered = answer(&app, &challenge(&app, &warden).await, &code(&app, &secret)).await.expect(200).json();
    let token = entered["accessToken"].as_str().expect("a token");
    let inside = app.anonymous().with_header("authorization", &format!("Bearer {token}"));
    inside.get("/console/test").await.expect(200);
}

#[tokio::test]
async fn in_the_demo_an_operator_may_look_around() {
    let app = TestApp::start(|_| {
        let routes = Router::new()
            .route("/console/test", get(|Operator(member): Operator| async move { member.user.display_name }));
        (routes, Registry::new())
    })
    .await;
    app.operator("番人").await.client.get("/console/test").await.expect(200);
}

#[tokio::test]
async fn what_is_over_is_swept_away() {
    let app = app().await;
    let hana = app.user("花").await;
    set_up(&app, &hana).await;
    challenge(&app, &hana).await;
    app.anonymous().post("/api/auth/passkeys/options", &json!({})).await.expect(200);
    app.upkeep().await;
    app.advance(Duration::hours(30));
    app.upkeep().await;
    let left: i64 =
        app.value("select (select count(*) from login_challenges) + (select count(*) from passkey_ceremonies)").await;
    assert_eq!(left, 0);
}
