//! Tokens for programs: what they may do, and when they end.

use axum::routing::{get, post};
use axum::{Extension, Router};
use http::Method;
use platform::http::{Anyone, Member, RouteScopes, Scope};
use platform::jobs::Registry;
use serde_json::{Value, json};
use testkit::{TestApp, TestClient, TestUser};
use time::Duration;

async fn app() -> TestApp {
    TestApp::start(|_| {
        let table = RouteScopes::new([
            (Method::POST, "/api/make", Scope::GenerationsWrite),
            (Method::POST, "/api/buy", Scope::OrdersWrite),
            (Method::GET, "/api/account/tokens", Scope::AccountWrite),
            (Method::DELETE, "/api/account/tokens/{id}", Scope::AccountWrite),
        ]);
        let routes = Router::new()
            .route("/api/make", post(|_: Member| async { "made" }))
            .route("/api/buy", post(|_: Member| async { "bought" }))
            .route("/api/unnamed", get(|_: Member| async { "read" }).post(|_: Anyone| async { "changed" }))
            .route("/page", get(|_: Member| async { "page" }))
            .layer(Extension(table));
        (routes, Registry::new())
    })
    .await
}

async fn made(hana: &TestUser, scopes: &[&str], days: i64) -> Value {
    let body = json!({"name": "script", "scopes": scopes, "days": days});
    hana.client.post("/api/account/tokens", &body).await.expect(201).json()
}

fn with(app: &TestApp, token: &Value) -> TestClient {
    let secret = token["secret"].as_str().unwrap_or_default();
    app.anonymous().with_header("authorization", &format!("Bearer {secret}"))
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_nothing_else() {
    let app = app().await;
    let hana = app.user("花").await;
    let reader = with(&app, &made(&hana, &["read"], 30).await);
    let maker = with(&app, &made(&hana, &["generations:write", "read"], 30).await);
    assert_eq!(reader.get("/api/auth/me").await.expect(200).json()["user"]["email"], hana.email.as_str());
    let refused = reader.post("/api/make", &json!({})).await.expect_problem(403, "insufficient_scope").json();
    assert_eq!(refused["scope"], "generations:write");
    maker.post("/api/make", &json!({})).await.expect(200);
    maker.post("/api/buy", &json!({})).await.expect_problem(403, "insufficient_scope");
    reader.get("/api/unnamed").await.expect(200);
    // What nobody has named is nothing for tokens, and pages are not for them at all.
    maker.post("/api/unnamed", &json!({})).await.expect_problem(403, "insufficient_scope");
    maker.get("/page").await.expect_problem(403, "insufficient_scope");
    reader.get("/api/account/tokens").await.expect_problem(403, "insufficient_scope");
    // A token is no proof of identity: it makes no other token, whatever its scopes are.
    let all = with(
        &app,
        &made(&hana, &["read", "generations:write", "listings:write", "orders:write", "account:write"], 30).await,
    );
    all.get("/api/account/tokens").await.expect(200);
    let body = json!({"name": "child", "scopes": ["read"]});
    assert_eq!(all.post("/api/account/tokens", &body).await.status.as_u16(), 403);
    assert_eq!(
        all.post("/api/auth/password", &json!({"currentPassword": "x", "password": "y"})).await.status.as_u16(),
        403
    );
    // Nor is it a cookie.
    let secret = made(&hana, &["read"], 30).await["secret"].as_str().unwrap_or_default().to_owned();
    let cookie = app.anonymous().with_header("cookie", &format!("machiya_session={secret}"));
    cookie.get("/api/auth/me").await.expect_problem(401, "unauthorized");
}

#[tokio::test]
async fn a_token_ends_on_its_day_when_revoked_and_with_the_password() {
    let app = app().await;
    let hana = app.user("花").await;
    let (short, long) = (made(&hana, &["read"], 1).await, made(&hana, &["read"], 90).await);
    let revoked = made(&hana, &["read"], 90).await;
    with(&app, &short).get("/api/auth/me").await.expect(200);
    let list = hana.client.get("/api/account/tokens").await.expect(200).json();
    assert_eq!(list["tokens"].as_array().map(Vec::len), Some(3));
    let used: Vec<bool> =
        list["tokens"].as_array().into_iter().flatten().map(|token| token["lastUsedAt"].is_string()).collect();
    assert_eq!(used.iter().filter(|used| **used).count(), 1);
    let path = format!("/api/account/tokens/{}", revoked["token"]["id"].as_str().unwrap_or_default());
    app.user("健").await.client.delete(&path).await.expect_problem(404, "not_found");
    hana.client.delete(&path).await.expect(204);
    with(&app, &revoked).get("/api/auth/me").await.expect_problem(401, "unauthorized");
    app.advance(Duration::days(1));
    with(&app, &short).get("/api/auth/me").await.expect_problem(401, "unauthorized");
    with(&app, &long).get("/api/auth/me").await.expect(200);
    app.ban(&hana).await;
    assert_eq!(with(&app, &long).get("/api/auth/me").await.status.as_u16(), 200, "the ban speaks elsewhere");
    let rows: String = app.value("select string_agg(t::text, '') from api_tokens t").await;
    assert!(!rows.contains(long["secret"].as_str().unwrap_or("?")));
}

#[tokio::test]
async fn a_repeated_request_makes_no_second_token_and_its_secret_is_kept_nowhere() {
    let app = app().await;
    let hana = app.user("花").await;
    let keyed = hana.client.clone().with_header("idempotency-key", "one");
    let body = json!({"name": "script", "scopes": ["read"]});
    let made = keyed.post("/api/account/tokens", &body).await.expect(201).json();
    keyed.post("/api/account/tokens", &body).await.expect(409);
    let count: i64 = app.value("select count(*) from api_tokens").await;
    assert_eq!(count, 1);
    let rows: String = app.value("select string_agg(k::text, '') from idempotency_keys k").await;
    assert!(!rows.contains(made["secret"].as_str().unwrap_or("?")));
}

#[tokio::test]
async fn what_cannot_be_a_token_says_where() {
    let app = app().await;
    let hana = app.user("花").await;
    let wrong = json!({"name": "", "scopes": ["read", "everything"], "days": 4_000});
    let answer = hana.client.post("/api/account/tokens", &wrong).await.expect_problem(422, "invalid_input").json();
    let fields: Vec<&str> =
        answer["fields"].as_array().into_iter().flatten().filter_map(|field| field["field"].as_str()).collect();
    assert_eq!(fields, ["name", "scopes", "days"]);
    for _ in 0..50 {
        made(&hana, &["read"], 1).await;
    }
    let one_more = json!({"name": "one more", "scopes": ["read"]});
    hana.client.post("/api/account/tokens", &one_more).await.expect_problem(409, "too_many_tokens");
    app.advance(Duration::days(2));
    hana.client.post("/api/auth/reauthenticate", &json!({"password": TestUser::PASSWORD})).await.expect(204);
    hana.client.post("/api/account/tokens", &one_more).await.expect(201);
}
