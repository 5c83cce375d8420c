//! Money that goes back at the provider: in parts, in any order, many times told, before and after it was earned.

use futures::future::join_all;
use serde_json::json;
use testkit::TestUser;
use testkit::payment_doubles::SentEvent;
use time::Duration;

use super::till::Till;

const TOKENS: &str = "select tokens_available / 1000 from public.wallets order by created_at desc limit 1";
const IMAGES: &str = "select images_available from public.wallets order by created_at desc limit 1";

/// Somebody on a plan, and the payment behind its first invoice.
async fn subscribed(till: &Till, plan: &str, period: &str) -> String {
    let url = till.asks(&till.app.anonymous(), plan, period).await;
    till.deliver(&till.stripe.subscribe(&Till::session_of(&url), "back@example.com")).await;
    till.app.drain().await;
    till.stripe.invoices()[0].payment_intent_id.clone()
}

/// Somebody with the first pack, 50,000 tokens for ¥5,000, and the session that was paid.
async fn with_pack(till: &Till) -> (TestUser, String) {
    let hana = till.app.user("はな").await;
    let asked = hana.client.post("/api/billing/credits/purchase", &json!({"packageId": 1})).await.expect(200).json();
    let session = Till::session_of(asked["url"].as_str().unwrap());
    till.deliver(&till.stripe.pay(&session)).await;
    till.app.drain().await;
    assert_eq!(till.number(TOKENS).await, 50_000);
    (hana, session)
}

/// Spends tokens as a generation does.
async fn spends(till: &Till, hana: &TestUser, tokens: i64) {
    use crate::holds::{self, Actual, NewHold};
    use crate::prices::{Operation, Price, quote};
    let (ctx, mut tx) = (till.app.ctx(), till.app.tx().await);
    let price = quote(&mut tx, Operation::Generate, "gemini", "gemini-3-pro-image").await.unwrap();
    let price = Price { image_credits: kernel::ImageCredits(0), tokens: kernel::Tokens::whole(tokens), ..price };
    let hold = NewHold {
        user_id: hana.id,
        business_key: format!("spent:{tokens}"),
        operation: Operation::Generate,
        price: &price,
        generation_id: None,
        expires_at: ctx.now() + Duration::hours(1),
    };
    holds::hold(&ctx, &mut tx, &hold).await.unwrap();
    holds::capture(&ctx, &mut tx, &hold.business_key, Actual::AsHeld).await.unwrap();
    tx.commit().await.unwrap();
}

async fn tell_fifty_times(till: &Till, events: &[SentEvent]) {
    join_all((0..50).map(|_| till.deliver(events))).await;
    till.app.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_invoice_that_goes_back_takes_the_same_part_of_the_credits() {
    let till = Till::open("stripe").await;
    let intent = subscribed(&till, "pro", "month").await;
    let half = till.stripe.refund_payment_at_console(&intent, 4_900);
    tell_fifty_times(&till, &half).await;
    assert_eq!((till.number(TOKENS).await, till.number(IMAGES).await), (25_000, 103));
    assert_eq!(till.text("select plan from public.user_settings").await, "pro", "the plan goes on");
    till.is_clean().await;
    // A third of what was left, told before and after the first is told once more.
    let more = till.stripe.refund_payment_at_console(&intent, 1_633);
    tell_fifty_times(&till, &[more, half].concat()).await;
    assert_eq!(till.number(IMAGES).await, 3 + 200 - 133, "133.3 of 200, rounded down");
    assert_eq!(till.number(TOKENS).await, 16_668, "and 33,331.6 tokens");
    till.is_clean().await;
    let rest = till.stripe.refund_payment_at_console(&intent, 3_267);
    tell_fifty_times(&till, &rest).await;
    assert_eq!((till.number(TOKENS).await, till.number(IMAGES).await), (0, 3));
    assert_eq!(till.number("select count(*) from public.subscription_invoices where refunded_at is not null").await, 1);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_are_told_in_the_other_order_end_alike() {
    let till = Till::open("stripe").await;
    let intent = subscribed(&till, "pro", "month").await;
    let first = till.stripe.refund_payment_at_console(&intent, 980);
    let second = till.stripe.refund_payment_at_console(&intent, 1_960);
    for events in [&second, &first, &second] {
        till.deliver(events).await;
        till.app.drain().await;
    }
    assert_eq!((till.number(TOKENS).await, till.number(IMAGES).await), (35_000, 143));
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn never_more_than_is_unspent_is_taken_and_no_balance_sinks_below_zero() {
    let till = Till::open("stripe").await;
    let (hana, session) = with_pack(&till).await;
    spends(&till, &hana, 45_000).await;
    tell_fifty_times(&till, &till.stripe.refund_at_console(&session, 2_500)).await;
    assert_eq!(till.number(TOKENS).await, 0, "half of it would be 25,000; 5,000 were left");
    assert_eq!(till.text("select state from public.pack_purchases").await, "paid", "not all of the money went back");
    till.is_clean().await;
    let earned = "select recognised_yen from public.credit_lots where source = 'purchase'";
    assert_eq!(till.number(earned).await, 2_500, "what went back is not earned");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_pack_goes_back_before_what_was_used_of_it_is_earned() {
    let till = Till::open("stripe").await;
    let (hana, session) = with_pack(&till).await;
    spends(&till, &hana, 10_000).await;
    // No pass of recognition has run: all of the ¥5,000 is still owed.
    till.deliver(&till.stripe.refund_at_console(&session, 5_000)).await;
    till.app.drain().await;
    till.is_clean().await;
    assert_eq!(till.number(TOKENS).await, 0);
    assert_eq!(till.text("select state from public.pack_purchases").await, "refunded");
    let earned = "select recognised_yen from public.credit_lots where source = 'purchase'";
    assert_eq!(till.number(earned).await, 0, "nothing was earned with it");
    till.advance(Duration::days(200));
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_pack_goes_back_after_what_was_used_of_it_is_earned() {
    let till = Till::open("stripe").await;
    let (hana, session) = with_pack(&till).await;
    spends(&till, &hana, 10_000).await;
    till.is_clean().await;
    let earned = "select sum(-e.debit_jpy)::bigint from public.ledger_entries e
        join public.ledger_accounts a on a.id = e.account_id and a.kind = 'credit_revenue'";
    assert_eq!(till.number(earned).await, 1_000);
    till.deliver(&till.stripe.refund_at_console(&session, 5_000)).await;
    till.app.drain().await;
    till.is_clean().await;
    assert_eq!((till.number(TOKENS).await, till.number(earned).await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_which_half_went_back_gives_half_each_month_that_is_left() {
    let till = Till::open("stripe").await;
    let intent = subscribed(&till, "pro", "year").await;
    till.advance(Duration::days(31));
    till.app.upkeep().await;
    assert_eq!(till.number(TOKENS).await, 100_000);
    tell_fifty_times(&till, &till.stripe.refund_payment_at_console(&intent, 49_000)).await;
    assert_eq!(till.number(TOKENS).await, 50_000);
    till.is_clean().await;
    for month in 3..=12 {
        till.advance(Duration::days(31));
        till.app.upkeep().await;
        let given = "select (sum(granted - refunded) / 1000)::bigint from public.credit_lots where unit = 'token'";
        assert_eq!(till.number(given).await, month * 25_000, "month {month}");
        till.is_clean().await;
    }
    // One pass ends what is over, the next one earns it.
    till.advance(Duration::days(400));
    till.is_clean().await;
    till.advance(Duration::hours(1));
    till.is_clean().await;
    let earned = "select sum(recognised_yen)::bigint from public.credit_lots";
    assert_eq!(till.number(earned).await, 49_000, "what did not go back is earned, to the yen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_that_is_ended_early_gives_to_its_end_unless_it_is_refunded() {
    for refunded in [false, true] {
        let till = Till::open("stripe").await;
        let intent = subscribed(&till, "pro", "year").await;
        till.deliver(&till.stripe.end_subscription(&till.stripe.subscriptions()[0].id)).await;
        till.app.drain().await;
        assert_eq!(till.text("select plan from public.user_settings").await, "free");
        if refunded {
            tell_fifty_times(&till, &till.stripe.refund_payment_at_console(&intent, 98_000)).await;
        }
        for _ in 0..12 {
            till.advance(Duration::days(31));
            till.app.upkeep().await;
        }
        let given =
            till.number("select (sum(granted) / 1000)::bigint from public.credit_lots where unit = 'token'").await;
        assert_eq!(given, if refunded { 50_000 } else { 12 * 50_000 });
        let due = "select count(*) from public.subscription_invoices where next_grant_at is not null";
        assert_eq!(till.number(due).await, 0);
        till.is_clean().await;
    }
}
