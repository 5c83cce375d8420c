//! Packs: bought once, given once, taken back as far as they are unspent.

use futures::future::join_all;
use payments::refunds::RefundReason;
use serde_json::json;
use testkit::TestUser;
use uuid::Uuid;

use super::till::Till;
use crate::PackPurchaseId;
use crate::{BillingError, packs};

async fn buys(_till: &Till, person: &TestUser, id: i32) -> String {
    let body = json!({"packageId": id});
    let answer = person.client.post("/api/billing/credits/purchase", &body).await.expect(200).json();
    answer["url"].as_str().unwrap().to_owned()
}

async fn presses(till: &Till, url: &str, outcome: &str) {
    let answer = till.app.anonymous().as_browser().post_form(url, &[("outcome", outcome)]).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
    till.app.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_paid_once_and_lasts_a_hundred_and_eighty_days() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    let url = buys(&till, &hana, 2).await;
    presses(&till, &url, "decline").await;
    assert_eq!(till.number("select tokens_available from public.wallets").await, 0);
    presses(&till, &url, "succeed").await;
    till.app.drain().await;
    assert_eq!(till.number("select tokens_available / 1000 from public.wallets").await, 100_000);
    let days = "select (extract(epoch from expires_at - issued_at) / 86400)::bigint from public.credit_lots where source = 'purchase'";
    assert_eq!(till.number(days).await, 180);
    assert_eq!(till.text("select state from public.pack_purchases").await, "paid");
    assert_eq!(till.number("select total_jpy from public.tax_invoices where issued_for = 'credit_pack'").await, 10_000);
    hana.client
        .post("/api/billing/credits/purchase", &json!({"packageId": 9}))
        .await
        .expect_problem(422, "invalid_input");
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_goes_back_once_as_far_as_it_is_unspent() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    let url = buys(&till, &hana, 1).await;
    presses(&till, &url, "succeed").await;
    let id = PackPurchaseId(till.app.value::<Uuid>("select id from public.pack_purchases").await);
    // A fifth is spent.
    till.app
        .execute(
            "update public.credit_lots set available = available - 10000000, used = 10000000 where source = 'purchase';
             insert into public.credit_transactions (user_id, type, unit, amount, available_after, lot_id, created_at)
               select user_id, 'api_usage', 'token', -10000000, 40000000, null, issued_at from public.credit_lots
                where source = 'purchase'",
        )
        .await;
    let ctx = till.app.ctx();
    let given_back = join_all((0..4).map(|_| async {
        let mut tx = till.app.tx().await;
        let yen = packs::refund(&till.billing, &ctx, &mut tx, id, RefundReason::Requested).await.unwrap();
        tx.commit().await.unwrap();
        yen.get()
    }))
    .await;
    assert_eq!(given_back, [4_000; 4]);
    till.app.drain().await;
    assert_eq!(till.number("select tokens_available from public.wallets").await, 0);
    assert_eq!(
        till.number("select sum(amount_jpy)::bigint from public.refunds where status = 'succeeded'").await,
        4_000
    );
    assert_eq!(till.text("select state from public.pack_purchases").await, "refunded");
    let mut tx = till.app.tx().await;
    let unknown = packs::refund(&till.billing, &ctx, &mut tx, ctx.new_id(), RefundReason::Requested).await;
    assert!(matches!(unknown, Err(BillingError::PurchaseNotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_at_the_providers_console_takes_the_tokens_back() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    let url = buys(&till, &hana, 1).await;
    presses(&till, &url, "succeed").await;
    presses(&till, &url, "refund").await;
    assert_eq!(till.number("select tokens_available from public.wallets").await, 0);
    assert_eq!(till.text("select state from public.pack_purchases").await, "refunded");
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_that_nobody_pays_lapses() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    let url = buys(&till, &hana, 1).await;
    till.advance(time::Duration::hours(3));
    for _ in 0..3 {
        till.app.upkeep().await;
        till.advance(time::Duration::hours(1));
    }
    assert_eq!(till.text("select state from public.pack_purchases").await, "lapsed", "{url}");
    till.is_clean().await;
}
