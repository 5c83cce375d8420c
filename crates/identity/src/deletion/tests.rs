//! Leaving, staying, and what is left of somebody who has left.

use std::sync::Arc;

use platform::DatabaseError;
use platform::mail::{self, Mailer};
use serde_json::json;
use testkit::{TestApp, TestUser};
use time::Duration;

use super::{ErasureHook, jobs};

async fn app(hooks: Arc<[ErasureHook]>) -> TestApp {
    TestApp::start(|app| {
        let outbox = mail::register(Mailer::new(&app.config.mail).unwrap());
        (axum::Router::new(), jobs(hooks).and(outbox))
    })
    .await
}

/// Every table that holds `needle` in any text or JSON.
async fn holders(app: &TestApp, needle: &str) -> String {
    let statement = format!(
        "select coalesce(string_agg(distinct found.name, ' '), '') from (
           select c.oid::regclass::text as name,
                  (xpath('/row/n/text()', query_to_xml(format(
                    'select count(*) as n from %s as t where t::text like %L', c.oid::regclass, '%{needle}%'),
                    false, true, '')))[1]::text::bigint as n
           from pg_class c where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace)) found
         where found.n > 0"
    );
    app.value(&statement).await
}

#[tokio::test]
async fn after_fourteen_days_nobody_finds_who_it_was() {
    let app = app(Arc::new([])).await;
    let name = "町屋さくら子";
    let hana = app.user(name).await;
    // Traces of every kind that identity leaves.
    hana.client.post("/api/account/tokens", &json!({"name": name, "scopes": ["read"]})).await.expect(201);
    hana.client.post("/api/account/email", &json!({"email": "moved-sakura@example.jp"})).await.expect(202);
    app.anonymous().post("/api/auth/recovery", &json!({"email": hana.email})).await.expect(202);
    app.anonymous()
        .post("/api/auth/login", &json!({"email": hana.email, "password": "a wrong guess at it"}))
        .await
        .expect(401);
    let keyed = hana.client.clone().with_header("idempotency-key", "one");
    keyed.post("/api/auth/reauthenticate", &json!({"password": TestUser::PASSWORD})).await.expect(204);
    app.execute(&format!("update user_profiles set bio = '{name}です', contact = '{{\"mail\": \"{}\"}}'", hana.email))
        .await;
    app.drain().await;
    let before = holders(&app, &hana.email).await;
    assert!(before.contains("users") && before.contains("mails"), "{before}");

    let answer = hana.client.post("/api/account/deletion", &json!({})).await.expect(202).json();
    assert!(answer["dueAt"].as_str().is_some_and(|due| due.starts_with("2026-12-04")), "{answer}");
    app.advance(Duration::days(13));
    app.upkeep().await;
    hana.client.get("/api/auth/me").await.expect(200);
    app.advance(Duration::days(1));
    app.upkeep().await;
    hana.client.get("/api/auth/me").await.expect_problem(401, "unauthorized");
    let body = json!({"email": hana.email, "password": TestUser::PASSWORD});
    app.anonymous().post("/api/auth/login", &body).await.expect_problem(401, "wrong_credentials");

    // The last mail leaves, and then nothing is left of it either.
    app.advance(Duration::hours(1));
    app.upkeep().await;
    app.advance(Duration::hours(1));
    app.upkeep().await;
    for needle in [hana.email.as_str(), name, "moved-sakura"] {
        assert_eq!(holders(&app, needle).await, "", "{needle}");
    }
    let sent: i64 =
        app.value("select count(*) from mails where dedupe_key like 'deletion-done/%' and state = 'sent'").await;
    assert_eq!(sent, 1);
    // The account itself stays, nameless, for what points at it; its address is free again.
    let left: String = app.value("select display_name from user_profiles").await;
    assert_eq!(left, "退会した方");
    let again = json!({"email": hana.email, "password": TestUser::PASSWORD, "displayName": "新しい人"});
    app.anonymous().post("/api/auth/signup", &again).await.expect(201);
}

#[tokio::test]
async fn one_can_change_one_s_mind_and_needs_a_new_proof_to_leave() {
    let app = app(Arc::new([])).await;
    let hana = app.user("花").await;
    app.advance(Duration::hours(1));
    hana.client.post("/api/account/deletion", &json!({})).await.expect_problem(403, "reauthentication_required");
    hana.client.post("/api/auth/reauthenticate", &json!({"password": TestUser::PASSWORD})).await.expect(204);
    let first = hana.client.post("/api/account/deletion", &json!({})).await.expect(202).json();
    app.advance(Duration::minutes(5));
    assert_eq!(hana.client.post("/api/account/deletion", &json!({})).await.expect(202).json(), first, "the day stays");
    let page = hana.client.clone().as_browser().get("/account/data").await.expect(200).text();
    assert!(page.contains("/account/deletion/cancel"));
    hana.client.delete("/api/account/deletion").await.expect(204);
    app.advance(Duration::days(13));
    app.advance(Duration::days(13));
    app.upkeep().await;
    let body = json!({"email": hana.email, "password": TestUser::PASSWORD});
    app.anonymous().post("/api/auth/login", &body).await.expect(200);
}

#[tokio::test]
async fn what_a_domain_cannot_do_keeps_everything_as_it_was() {
    let refuse: ErasureHook = |_, _, _, _| Box::pin(async { Err(DatabaseError::RowNotFound) });
    let app = app(Arc::new([refuse])).await;
    let hana = app.user("花").await;
    hana.client.post("/api/account/deletion", &json!({})).await.expect(202);
    app.advance(Duration::days(14));
    app.upkeep().await;
    let email: String = app.value("select email from auth.users").await;
    assert_eq!(email, hana.email);
    let erased: i64 = app.value("select count(*) from account_deletions where erased_at is not null").await;
    assert_eq!(erased, 0);
}
