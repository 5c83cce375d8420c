//! Sign-up, log-in, sessions and the layers around every route, over real HTTP and a real database.

use axum::Router;
use axum::routing::get;
use platform::http::Member;
use platform::jobs::Registry;
use serde_json::{Value, json};
use testkit::{Answer, TestApp, TestUser};
use time::Duration;

async fn app() -> TestApp {
    TestApp::start(|_| {
        let routes = Router::new()
            .route("/api/private", get(|member: Member| async move { member.user.display_name }))
            .route("/api/panic", get(|| async { panic_now() }));
        (routes, Registry::new())
    })
    .await
}

fn panic_now() -> &'static str {
    panic!("a secret detail")
}

fn new_account(email: &str) -> Value {
    json!({"email": email, "password": TestUser::PASSWORD, "displayName": "花"})
}

fn fields(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let fields = answer.json()["fields"].as_array().cloned().unwrap_or_default();
    fields.iter().map(|field| (text(&field["field"]), text(&field["error"]))).collect()
}

#[tokio::test]
async fn sign_up_log_in_who_am_i_log_out() {
    let app = app().await;
    let anyone = app.anonymous();
    let signed_up = anyone.post("/api/auth/signup", &new_account("Hana@Example.jp")).await.expect(201).json();
    assert_eq!(signed_up["user"]["email"], "hana@example.jp");
    assert_eq!(signed_up["user"]["displayName"], "花");
    assert_eq!(signed_up["user"]["role"], "user");
    assert!(signed_up["expiresAt"].as_str().is_some_and(|moment| moment.starts_with("2026-12-20")));

    let body = json!({"email": "hana@example.jp", "password": TestUser::PASSWORD});
    let answer = anyone.post("/api/auth/login", &body).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = answer.json()["accessToken"].as_str().expect("a token").to_owned();
    let hana = anyone.with_header("authorization", &format!("Bearer {token}"));
    assert_eq!(hana.get("/api/auth/me").await.expect(200).json()["user"]["id"], signed_up["user"]["id"]);
    assert_eq!(hana.get("/api/private").await.expect(200).text(), "花");
    hana.post("/api/auth/logout", &json!({})).await.expect(204);
    hana.get("/api/auth/me").await.expect_problem(401, "unauthorized");
}

#[tokio::test]
async fn every_fault_of_a_sign_up_is_told_with_its_field() {
    let app = app().await;
    let anyone = app.anonymous();
    let bad = json!({"email": "nowhere", "password": "short", "displayName": "a\u{202E}b"});
    let answer = anyone.post("/api/auth/signup", &bad).await.expect_problem(422, "invalid_input");
    let expected = [("email", "invalid_email"), ("password", "too_short"), ("displayName", "unprintable")];
    assert_eq!(fields(&answer), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    anyone.post("/api/auth/signup", &new_account("a@example.jp")).await.expect(201);
    anyone.post("/api/auth/signup", &new_account("A@example.jp ")).await.expect_problem(409, "email_taken");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let app = app().await;
    let hana = app.user("花").await;
    let mut answers = Vec::new();
    for email in [hana.email.as_str(), "nobody@example.jp", "no address"] {
        let body = json!({"email": email, "password": "a wrong password of some length"});
        let mut answer =
            app.anonymous().post("/api/auth/login", &body).await.expect_problem(401, "wrong_credentials").json();
        answer["requestId"] = Value::Null;
        answers.push(answer);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn guesses_are_rationed_even_when_they_come_together() {
    let app = testkit::TestApp::start_with(&[("MACHIYA_TRUSTED_PROXIES", "127.0.0.1")], |_| {
        (axum::Router::new(), Registry::new())
    })
    .await;
    let hana = app.user("花").await;
    let guesses = (0..12).map(|number| {
        // Each from elsewhere: what is looked at is the account's own ration.
        let client = app.anonymous().with_header("x-forwarded-for", &format!("198.51.100.{number}"));
        let email = hana.email.clone();
        async move {
            let body = json!({"email": email, "password": format!("a wrong password number {number}")});
            client.post("/api/auth/login", &body).await.status.as_u16()
        }
    });
    let statuses = futures::future::join_all(guesses).await;
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 7, "{statuses:?}");
    app.advance(Duration::minutes(1));
    let body = json!({"email": hana.email, "password": TestUser::PASSWORD});
    app.anonymous().post("/api/auth/login", &body).await.expect(200);
}

#[tokio::test]
async fn a_session_ends_on_its_day_and_when_nobody_uses_it() {
    let app = app().await;
    let hana = app.user("花").await;
    for _ in 0..2 {
        app.advance(Duration::days(13));
        hana.client.get("/api/auth/me").await.expect(200);
    }
    app.advance(Duration::days(5));
    hana.client.get("/api/auth/me").await.expect_problem(401, "unauthorized");
    let idle = app.user("次郎").await;
    app.advance(Duration::days(15));
    idle.client.get("/api/auth/me").await.expect_problem(401, "unauthorized");
}

#[tokio::test]
async fn tokens_and_passwords_are_stored_only_as_hashes() {
    let app = app().await;
    let hana = app.user("花").await;
    let dump: String = app
        .value(
            "select string_agg(s::text, '') || (select string_agg(p::text, '') from user_passwords p) from sessions s",
        )
        .await;
    assert!(!dump.contains(&hana.token) && !dump.contains(TestUser::PASSWORD));
    assert!(dump.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
}

#[tokio::test]
async fn bad_requests_are_clear_problems() {
    let app = app().await;
    let anyone = app.anonymous();
    anyone.post_bytes("/api/auth/login", "application/json", "{").await.expect_problem(400, "malformed_request");
    anyone.post_bytes("/api/auth/login", "text/plain", "{}").await.expect_problem(415, "unsupported_media_type");
    let wrong = anyone
        .post("/api/auth/login", &json!({"email": 1, "password": "x"}))
        .await
        .expect_problem(422, "invalid_input");
    assert_eq!(fields(&wrong), [("email".to_owned(), "wrong_type".to_owned())]);
    let missing = anyone.post("/api/auth/login", &json!({"email": "a"})).await.expect_problem(422, "invalid_input");
    assert_eq!(fields(&missing), [("password".to_owned(), "required".to_owned())]);
    let large = "x".repeat(400_000);
    anyone.post("/api/auth/login", &json!({"email": large})).await.expect_problem(413, "body_too_large");
    anyone.get("/api/nowhere").await.expect_problem(404, "not_found");
    anyone.delete("/api/auth/login").await.expect_problem(405, "method_not_allowed");
    anyone.get("/api/private").await.expect_problem(401, "unauthorized");
    let odd = anyone.clone().with_header("authorization", "Bearer not-one-of-ours");
    odd.get("/api/private").await.expect_problem(401, "unauthorized");
    let panicked = anyone.get("/api/panic").await.expect_problem(500, "internal_error");
    assert!(!panicked.text().contains("secret detail"));
    let english = anyone.with_header("accept-language", "en").get("/api/nowhere").await.json();
    assert!(english["title"].as_str().is_some_and(|title| title.is_ascii()));
}

#[tokio::test]
async fn another_site_cannot_act_with_our_cookies() {
    let app = app().await;
    let evil = app.anonymous().with_header("origin", "https://evil.example");
    evil.post("/api/auth/login", &json!({})).await.expect_problem(403, "foreign_origin");
    let cookie_only = app.anonymous().with_header("cookie", "machiya_session=x");
    cookie_only.post("/api/auth/logout", &json!({})).await.expect_problem(403, "foreign_origin");
}

#[tokio::test]
async fn the_pages_sign_up_log_in_and_keep_what_was_typed() {
    let app = app().await;
    let browser = app.anonymous().as_browser();
    browser.get("/signup").await.expect(200);
    let bad = [("email", "hana@example.jp"), ("password", "short"), ("displayName", "花屋"), ("next", "/me")];
    let page = browser.post_form("/signup", &bad).await.expect(422).text();
    assert!(page.contains("花屋") && page.contains("hana@example.jp") && !page.contains("value=\"short\""));
    let good =
        [("email", "hana@example.jp"), ("password", TestUser::PASSWORD), ("displayName", "花屋"), ("next", "/me")];
    let entered = browser.post_form("/signup", &good).await.expect(303);
    assert_eq!(entered.header("location"), "/me");
    let cookie = entered.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let inside = browser.clone().with_header("cookie", cookie.split(';').next().unwrap_or_default());
    assert_eq!(inside.get("/login?next=/orders").await.expect(303).header("location"), "/orders");
    assert_eq!(inside.get("/login?next=//evil.example").await.expect(303).header("location"), "/");
    inside.post_form("/logout", &[("x", "y")]).await.expect(303);
    inside.get("/login").await.expect(200);
    let wrong = [("email", "hana@example.jp"), ("password", "not the right one at all")];
    assert!(browser.post_form("/login", &wrong).await.expect(401).text().contains("hana@example.jp"));
}

#[tokio::test]
async fn an_idempotency_key_makes_a_request_happen_once() {
    let app = app().await;
    let hana = app.user("花").await;
    let keyed = hana.client.clone().with_header("idempotency-key", "logout-1");
    keyed.post("/api/auth/logout", &json!({"a": 1})).await.expect(204);
    let other = app.user("次郎").await.client.with_header("idempotency-key", "logout-1");
    other.post("/api/auth/logout", &json!({"a": 1})).await.expect(204);
}

#[tokio::test]
async fn an_address_that_looks_like_somebody_s_gets_no_account_of_its_own() {
    let app = app().await;
    let anyone = app.anonymous();
    anyone.post("/api/auth/signup", &new_account("hana@example.jp")).await.expect(201);
    for same in ["ＨＡＮＡ＠example．jp", "ｈana@EXAMPLE.jp", " hana@example.jp\u{3000}"] {
        anyone.post("/api/auth/signup", &new_account(same)).await.expect_problem(409, "email_taken");
    }
    for alike in ["h\u{430}na@example.jp", "ha\u{200b}na@example.jp", "hana@ex\u{430}mple.jp", "hana@例え.jp"] {
        let refused = anyone.post("/api/auth/signup", &new_account(alike)).await;
        assert_eq!(fields(&refused.expect_problem(422, "invalid_input")), [("email".into(), "invalid_email".into())]);
        let login = json!({"email": alike, "password": TestUser::PASSWORD});
        assert_ne!(anyone.post("/api/auth/login", &login).await.status, 200, "{alike:?}");
        anyone.post("/api/auth/recovery", &json!({"email": alike})).await.expect_problem(422, "invalid_input");
    }
    let wide = json!({"email": "ｈａｎａ@example.jp", "password": TestUser::PASSWORD});
    app.advance(Duration::hours(1));
    anyone.post("/api/auth/login", &wide).await.expect(200);
    let people: i64 = app.value("select count(*) from user_profiles").await;
    assert_eq!(people, 1);
}

#[tokio::test]
async fn nothing_that_is_typed_becomes_a_line_of_a_mail_s_head() {
    let app = app().await;
    let anyone = app.anonymous();
    for bent in
        ["a@example.jp\r\nBcc: spy@example.net", "a@example.jp\nBcc: spy@example.net", "a@example.jp%0ABcc:x@y.z"]
    {
        anyone.post("/api/auth/signup", &new_account(bent)).await.expect_problem(422, "invalid_input");
        anyone.post("/api/auth/recovery", &json!({"email": bent})).await.expect_problem(422, "invalid_input");
        let form = [("email", bent)];
        let page = anyone.clone().as_browser().post_form("/reset-password", &form).await;
        assert_eq!(page.status, 422, "{bent:?}");
    }
    let mut named = new_account("hana@example.jp");
    named["displayName"] = json!("花\r\nBcc: spy@example.net");
    anyone.post("/api/auth/signup", &named).await.expect_problem(422, "invalid_input");
    named["displayName"] = json!("花 Bcc: spy@example.net");
    anyone.post("/api/auth/signup", &named).await.expect(201);
    app.drain().await;
    let heads: Vec<String> = app.value("select array_agg(recipient_address || '|' || subject) from public.mails").await;
    assert!(!heads.is_empty());
    for head in heads {
        assert!(head.starts_with("hana@example.jp|") && !head.contains(['\r', '\n']), "{head:?}");
    }
}
