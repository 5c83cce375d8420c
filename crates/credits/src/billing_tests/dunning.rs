//! What follows when a plan is not paid, is ended, or goes on.

use time::Duration;

use super::till::Till;

async fn plan_and_dunning(till: &Till) -> String {
    till.text("select plan || ' ' || dunning_state from public.user_settings").await
}

#[tokio::test(flavor = "multi_thread")]
async fn unpaid_is_grace_then_read_only_then_free() {
    let till = Till::open("stripe").await;
    let url = till.asks(&till.app.anonymous(), "pro", "month").await;
    till.deliver(&till.stripe.subscribe(&Till::session_of(&url), "late@example.com")).await;
    till.app.drain().await;
    let subscription = till.stripe.subscriptions()[0].clone();
    till.stripe.set_card(&subscription.customer_id, false);
    till.advance(Duration::days(31));
    till.deliver(&till.stripe.renew(&subscription.id)).await;
    till.app.drain().await;
    assert_eq!(plan_and_dunning(&till).await, "pro grace");
    // Each further failure is told and changes nothing.
    till.advance(Duration::days(3));
    till.deliver(&till.stripe.retry(&subscription.id)).await;
    till.app.upkeep().await;
    assert_eq!(plan_and_dunning(&till).await, "pro grace");
    till.advance(Duration::days(4));
    till.app.upkeep().await;
    assert_eq!(plan_and_dunning(&till).await, "pro read_only");
    till.advance(Duration::days(14));
    till.app.upkeep().await;
    assert_eq!(plan_and_dunning(&till).await, "free active");
    assert_eq!(till.stripe.subscriptions()[0].status, "canceled");
    let mails =
        "select string_agg(split_part(dedupe_key, '/', 1), ' ' order by created_at, dedupe_key) from public.mails";
    assert_eq!(
        till.text(mails).await,
        "subscription-welcome subscription-past-due subscription-read-only subscription-ended"
    );
    till.is_clean().await;
    assert_eq!(till.text("select status from public.subscription_invoices where reason = 'cycle'").await, "void");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_recovers_at_any_point() {
    let till = Till::open("stripe").await;
    let url = till.asks(&till.app.anonymous(), "pro", "month").await;
    till.deliver(&till.stripe.subscribe(&Till::session_of(&url), "late@example.com")).await;
    till.app.drain().await;
    let subscription = till.stripe.subscriptions()[0].clone();
    for days_unpaid in [3, 12] {
        till.stripe.set_card(&subscription.customer_id, false);
        till.advance(Duration::days(31));
        till.deliver(&till.stripe.renew(&subscription.id)).await;
        till.app.upkeep().await;
        till.advance(Duration::days(days_unpaid));
        till.app.upkeep().await;
        assert_eq!(plan_and_dunning(&till).await, if days_unpaid < 7 { "pro grace" } else { "pro read_only" });
        till.stripe.set_card(&subscription.customer_id, true);
        till.deliver(&till.stripe.retry(&subscription.id)).await;
        till.app.drain().await;
        assert_eq!(plan_and_dunning(&till).await, "pro active");
    }
    assert_eq!(till.number("select tokens_granted / 1000 from public.wallets").await, 150_000);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_was_asked_for_comes_with_the_period_unless_it_is_taken_back() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    till.pays_at_sandbox(&hana.client, "pro", "month", &hana.email).await;
    till.app.drain().await;
    let asked = hana.client.post("/api/billing/subscription/cancel", &serde_json::json!({})).await.expect(200).json();
    assert_eq!(asked["cancelAtPeriodEnd"], true);
    hana.client.post("/api/billing/subscription/resume", &serde_json::json!({})).await.expect(200);
    till.presses("renew_now").await;
    assert_eq!(plan_and_dunning(&till).await, "pro active");
    hana.client.post("/api/billing/subscription/cancel", &serde_json::json!({})).await.expect(200);
    till.presses("renew_now").await;
    assert_eq!(plan_and_dunning(&till).await, "free active");
    hana.client
        .post("/api/billing/subscription/resume", &serde_json::json!({}))
        .await
        .expect_problem(409, "subscription_missing");
    // And may begin again, as the same customer.
    till.asks(&hana.client, "starter", "year").await;
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_pays_for_nothing_any_more() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    till.pays_at_sandbox(&hana.client, "pro", "month", &hana.email).await;
    till.app.drain().await;
    let (ctx, mut tx) = (till.app.ctx(), till.app.tx().await);
    crate::subscriptions::end_of(&ctx, &mut tx, hana.id, &hana.email).await.unwrap();
    crate::subscriptions::end_of(&ctx, &mut tx, hana.id, &hana.email).await.unwrap();
    tx.commit().await.unwrap();
    till.app.drain().await;
    assert_eq!(till.text("select status from public.sandbox_subscriptions").await, "canceled");
    assert_eq!(till.text("select status from public.subscriptions").await, "ended");
    till.is_clean().await;
}
