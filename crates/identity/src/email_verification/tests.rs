//! Addresses are verified, and what waits for it.

use axum::routing::post;
use axum::{Extension, Router};
use http::Method;
use platform::http::{Member, RouteScopes, Scope};
use platform::jobs::Registry;
use serde_json::json;
use testkit::{TestApp, TestUser};
use time::Duration;

async fn app(settings: &[(&str, &str)]) -> TestApp {
    TestApp::start_with(settings, |_| {
        let table = RouteScopes::new([
            (Method::POST, "/api/publish", Scope::ListingsWrite),
            (Method::POST, "/api/make", Scope::GenerationsWrite),
        ]);
        let routes = Router::new()
            .route("/api/publish", post(|_: Member| async { "published" }))
            .route("/api/make", post(|_: Member| async { "made" }))
            .layer(Extension(table));
        (routes, Registry::new())
    })
    .await
}

#[tokio::test]
async fn making_is_free_and_publishing_waits_for_the_mailbox() {
    let app = app(&[("MACHIYA_SEED_DEMO", "off")]).await;
    let body = json!({"email": "hana@example.jp", "password": TestUser::PASSWORD, "displayName": "花"});
    let signed_up = app.anonymous().post("/api/auth/signup", &body).await.expect(201).json();
    assert_eq!(signed_up["user"]["emailVerified"], false);
    let bearer = format!("Bearer {}", signed_up["accessToken"].as_str().unwrap_or_default());
    let hana = app.anonymous().with_header("authorization", &bearer);
    hana.post("/api/make", &json!({})).await.expect(200);
    hana.post("/api/publish", &json!({})).await.expect_problem(403, "email_unverified");

    let link = app.mailed_link("hana@example.jp").await;
    assert!(link.starts_with("/verify-email?code="), "{link}");
    let browser = app.anonymous().as_browser();
    for _ in 0..2 {
        assert_eq!(browser.get(&link).await.expect(200).header("referrer-policy"), "no-referrer");
    }
    hana.post("/api/publish", &json!({})).await.expect_problem(403, "email_unverified");
    let code = link.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default();
    browser.post_form("/verify-email", &[("code", code)]).await.expect(303);
    hana.post("/api/publish", &json!({})).await.expect(200);
    assert_eq!(hana.get("/api/auth/me").await.expect(200).json()["user"]["emailVerified"], true);
    browser.post_form("/verify-email", &[("code", code)]).await.expect(410);
}

#[tokio::test]
async fn the_mail_can_be_had_again_but_not_without_end() {
    let app = app(&[]).await;
    let body = json!({"email": "hana@example.jp", "password": TestUser::PASSWORD, "displayName": "花"});
    let signed_up = app.anonymous().post("/api/auth/signup", &body).await.expect(201).json();
    let bearer = format!("Bearer {}", signed_up["accessToken"].as_str().unwrap_or_default());
    let hana = app.anonymous().with_header("authorization", &bearer);
    // In the demo nothing waits for it.
    hana.post("/api/publish", &json!({})).await.expect(200);
    let first = app.mailed_link("hana@example.jp").await;
    for _ in 0..3 {
        app.advance(Duration::seconds(1));
        hana.post("/api/auth/verification", &json!({})).await.expect(202);
    }
    hana.post("/api/auth/verification", &json!({})).await.expect_problem(429, "too_many_requests");
    assert_ne!(app.mailed_link("hana@example.jp").await, first);
    let code = first.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default();
    app.anonymous().post("/api/auth/verification/confirm", &json!({"code": code})).await.expect(204);
    app.advance(Duration::hours(1));
    hana.post("/api/auth/verification", &json!({})).await.expect(202);
    let mails: i64 = app.value("select count(*) from mails where dedupe_key like 'verify-email/%'").await;
    assert_eq!(mails, 4, "who is verified is asked no more");
}
