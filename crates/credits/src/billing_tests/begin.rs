//! Paying first, then having an account.

use testkit::TestApp;
use time::Duration;

use super::till::{Till, link_in};

const BALANCE: &str = "select tokens_available / 1000 from public.wallets order by created_at desc limit 1";
const IMAGES: &str = "select images_available from public.wallets order by created_at desc limit 1";

async fn mail_of(app: &TestApp, key: &str) -> String {
    app.value(&format!("select body_text from public.mails where dedupe_key like '{key}%'")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_pays_first_has_an_account_afterwards() {
    let till = Till::open("sandbox").await;
    let stranger = till.app.anonymous();
    let session = till.pays_at_sandbox(&stranger, "pro", "month", "new@example.com").await;
    let pending = till.completion(&session).await;
    assert_eq!(pending, serde_json::json!({"state": "pending", "email": null, "planName": "プロ", "isNewUser": null}));
    till.app.drain().await;
    let ready = till.completion(&session).await;
    assert_eq!(
        ready,
        serde_json::json!({"state": "ready", "email": "n•••@e•••.com", "planName": "プロ", "isNewUser": true})
    );
    assert_eq!((till.number(BALANCE).await, till.number(IMAGES).await), (50_000, 203));
    assert_eq!(till.text("select plan from public.user_settings").await, "pro");
    let customer: String = till.text("select metadata ->> 'userId' from public.sandbox_customers").await;
    assert_eq!(customer, till.text("select user_id::text from public.user_profiles").await);

    // The mail's link sets the password and logs in, and leads to the dashboard.
    let link = link_in(&mail_of(&till.app, "subscription-welcome/").await);
    let code = link.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let form = [("code", code.as_str()), ("type", "set_password"), ("password", "a long and quiet password")];
    let entered = till.app.anonymous().as_browser().post_form("/reset-password/confirm", &form).await;
    assert_eq!((entered.status.as_u16(), entered.header("location")), (303, "/admin/pages"), "{}", entered.text());
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_existing_person_keeps_the_one_account() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    till.app
        .execute(&format!(
            "update auth.users set email_confirmed_at = '{}' where id = '{}'",
            till.app.ctx().now(),
            hana.id
        ))
        .await;
    // The address as people type it.
    let typed = format!("  {} ", hana.email.to_uppercase());
    till.pays_at_sandbox(&till.app.anonymous(), "business", "month", &typed).await;
    till.app.drain().await;
    assert_eq!(till.number("select count(*) from public.user_profiles").await, 1);
    assert_eq!(till.text("select plan from public.user_settings").await, "business");
    let begun = mail_of(&till.app, "subscription-welcome/").await;
    assert!(!begun.contains("/reset-password/"), "{begun}");
    // A second plan beside it is refused to whoever is logged in, and given back to whoever is not.
    hana.client
        .post("/api/billing/checkout", &serde_json::json!({"planId": "pro"}))
        .await
        .expect_problem(409, "subscription_exists");
    let session = till.pays_at_sandbox(&till.app.anonymous(), "pro", "month", &hana.email).await;
    till.app.drain().await;
    assert_eq!(till.completion(&session).await["state"], "given_back");
    assert_eq!(till.number("select count(*) from public.subscriptions where status = 'active'").await, 1);
    assert_eq!(till.text("select plan from public.user_settings").await, "business");
    assert_eq!(till.number("select count(*) from public.refunds where status = 'succeeded'").await, 1);
    assert_eq!(till.number("select count(*) from public.sandbox_subscriptions where status = 'canceled'").await, 1);
    assert!(mail_of(&till.app, "subscription-given-back/").await.contains("9,800"));
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_to_whoever_guesses() {
    let till = Till::open("sandbox").await;
    let stranger = till.app.anonymous();
    for session_id in ["", "cs_sandbox_0000", "cs_test_x", "%00", &"x".repeat(2_000)] {
        let path = format!("/api/billing/checkout/complete?session_id={session_id}");
        stranger.get(&path).await.expect_problem(404, "not_found");
    }
    for plan in ["free", "no_such_plan", ""] {
        let body = serde_json::json!({"planId": plan});
        stranger.post("/api/billing/checkout", &body).await.expect_problem(422, "invalid_input");
    }
    let body = serde_json::json!({"planId": "pro", "period": "week"});
    assert!(stranger.post("/api/billing/checkout", &body).await.status.is_client_error());
    stranger.get("/admin/settings").await.expect_problem(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_event_delays_the_beginning_and_nothing_else() {
    let till = Till::open("stripe").await;
    let url = till.asks(&till.app.anonymous(), "starter", "month").await;
    let session = Till::session_of(&url);
    // Stripe's events never arrive.
    drop(till.stripe.subscribe(&session, "lost@example.com"));
    assert_eq!(till.completion(&session).await["state"], "pending");
    till.app.drain().await;
    assert_eq!(till.completion(&session).await["state"], "ready");

    // Nobody came back either: after a while the platform asks by itself.
    let url = till.asks(&till.app.anonymous(), "starter", "month").await;
    drop(till.stripe.subscribe(&Till::session_of(&url), "silent@example.com"));
    till.advance(Duration::minutes(6));
    till.app.upkeep().await;
    assert_eq!(till.number("select count(*) from public.subscriptions where status = 'active'").await, 2);
    till.is_clean().await;
}
