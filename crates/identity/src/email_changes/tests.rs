//! Another address, agreed to in both mailboxes.

use platform::jobs::Registry;
use serde_json::json;
use testkit::{TestApp, TestUser};
use time::Duration;

async fn app() -> TestApp {
    TestApp::start(|_| (axum::Router::new(), Registry::new())).await
}

fn carried(link: &str) -> serde_json::Value {
    let value = |name: &str| {
        link.split(&format!("{name}=")).nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default().to_owned()
    };
    json!({"code": value("code"), "type": value("type")})
}

async fn log_in(app: &TestApp, email: &str) -> u16 {
    let body = json!({"email": email, "password": TestUser::PASSWORD});
    app.anonymous().post("/api/auth/login", &body).await.status.as_u16()
}

#[tokio::test]
async fn an_address_changes_when_both_mailboxes_agree_in_either_order() {
    for newest_first in [true, false] {
        let app = app().await;
        let hana = app.user("花").await;
        hana.client.post("/api/account/email", &json!({"email": "Moved@example.jp"})).await.expect(202);
        let mut links = [app.mailed_link("moved@example.jp").await, app.mailed_link(&hana.email).await];
        if !newest_first {
            links.reverse();
        }
        let page = app.anonymous().as_browser().get(&links[0]).await.expect(200);
        assert!(page.text().contains("moved@example.jp") && page.header("referrer-policy") == "no-referrer");
        let half = app.anonymous().post("/api/account/email/confirm", &carried(&links[0])).await.expect(200).json();
        assert_eq!(half["isDone"], false);
        assert_eq!(log_in(&app, "moved@example.jp").await, 401);
        app.anonymous().post("/api/account/email/confirm", &carried(&links[0])).await.expect_problem(410, "link_used");
        let done = app.anonymous().post("/api/account/email/confirm", &carried(&links[1])).await.expect(200).json();
        assert_eq!(done["isDone"], true);
        assert_eq!(log_in(&app, "moved@example.jp").await, 200);
        assert_eq!(log_in(&app, &hana.email).await, 401);
        assert_eq!(hana.client.get("/api/auth/me").await.expect(200).json()["user"]["emailVerified"], true);
        let notified: String =
            app.value("select recipient_address from mails where dedupe_key like 'email-changed/%'").await;
        assert_eq!(notified, hana.email, "the address that was is notified");
        let kept: String = app.value("select string_agg(new_email, '') from email_changes").await;
        assert_eq!(kept, "");
    }
}

#[tokio::test]
async fn nobody_learns_whether_an_address_has_an_account_and_nobody_loses_one() {
    let app = app().await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    hana.client.post("/api/account/email", &json!({"email": ken.email})).await.expect(202);
    let old = app.mailed_link(&hana.email).await;
    let half = app.anonymous().post("/api/account/email/confirm", &carried(&old)).await.expect(200).json();
    assert_eq!(half["isDone"], false);
    let to_ken: String =
        app.value(&format!("select body_text from mails where recipient_address = '{}'", ken.email)).await;
    assert!(!to_ken.contains("http"), "{to_ken}");
    assert_eq!(log_in(&app, &ken.email).await, 200);

    // Two want the same free address: the second is notified only at the end.
    for person in [&hana, &ken] {
        app.advance(Duration::minutes(2));
        person.client.post("/api/account/email", &json!({"email": "free@example.jp"})).await.expect(202);
    }
    let kens_new = app.mailed_link("free@example.jp").await;
    let kens_old = app.mailed_link(&ken.email).await;
    app.anonymous().post("/api/account/email/confirm", &carried(&kens_new)).await.expect(200);
    let body = json!({"email": "free@example.jp", "password": TestUser::PASSWORD, "displayName": "先客"});
    app.anonymous().post("/api/auth/signup", &body).await.expect(201);
    app.anonymous().post("/api/account/email/confirm", &carried(&kens_old)).await.expect_problem(409, "email_taken");
    assert_eq!(log_in(&app, &ken.email).await, 200);
}

#[tokio::test]
async fn a_change_needs_a_new_proof_another_address_and_can_be_given_up() {
    let app = app().await;
    let hana = app.user("花").await;
    let refused = |email: &str| json!({"email": email});
    hana.client.post("/api/account/email", &refused(&hana.email)).await.expect_problem(422, "invalid_input");
    hana.client.post("/api/account/email", &refused("a\r\nBcc: x@y.z")).await.expect_problem(422, "invalid_input");
    // A letter of another alphabet that looks like one of ours.
    hana.client.post("/api/account/email", &refused("hаna@example.jp")).await.expect_problem(422, "invalid_input");
    app.advance(Duration::hours(1));
    hana.client
        .post("/api/account/email", &refused("m@example.jp"))
        .await
        .expect_problem(403, "reauthentication_required");
    hana.client.post("/api/auth/reauthenticate", &json!({"password": TestUser::PASSWORD})).await.expect(204);
    hana.client.post("/api/account/email", &refused("m@example.jp")).await.expect(202);
    let link = app.mailed_link("m@example.jp").await;
    hana.client.delete("/api/account/email").await.expect(204);
    app.anonymous().post("/api/account/email/confirm", &carried(&link)).await.expect_problem(410, "link_expired");
}
