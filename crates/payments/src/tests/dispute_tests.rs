//! Disputes: told to the operator, held on the ledger, ended either way, whatever order the notices come in.

use testkit::payment_doubles::SentEvent;

use super::fixture::Fixture;

/// The name of the dispute that an event is about.
fn name(event: &SentEvent) -> String {
    let body: serde_json::Value = serde_json::from_str(&event.body).unwrap();
    body["data"]["object"]["id"].as_str().unwrap().to_owned()
}

impl Fixture {
    /// Everything that the ledger says of disputes: withdrawn, frozen, what the platform has.
    async fn disputed(&self) -> (i64, i64) {
        let sum = |kind: &str| {
            format!(
                "select coalesce(sum(b.debit_jpy), 0)::bigint from public.ledger_balances b
                   join public.ledger_accounts a on a.id = b.account_id where a.kind = '{kind}'"
            )
        };
        let withdrawn: i64 = self.app.value(&sum("dispute_receivable")).await;
        let frozen: i64 = self.app.value(&sum("seller_frozen")).await;
        (withdrawn, -frozen)
    }

    async fn dispute_state(&self) -> String {
        self.app.value("select state || ' ' || held_jpy from public.disputes").await
    }
}

#[tokio::test]
async fn a_dispute_is_an_operators_matter_and_its_money_is_held() {
    let fixture = Fixture::with_stripe().await;
    let (_, _, session) = fixture.paid_order().await;
    let events = fixture.stripe.dispute(&session);
    fixture.deliver(&events[..1]).await;
    fixture.app.drain().await;
    assert_eq!((fixture.dispute_state().await.as_str(), fixture.disputed().await), ("raised 0", (0, 0)));
    fixture.deliver(&events).await;
    fixture.deliver(&events).await;
    fixture.app.drain().await;
    assert_eq!(fixture.outcome(&events[0]).await, "noted");
    let (withdrawn, frozen) = fixture.disputed().await;
    let amount: i64 = fixture.app.value("select amount_jpy from public.payments").await;
    assert_eq!((withdrawn, frozen), (amount, amount * 8 / 10), "once, however often it was told");
    assert_eq!(fixture.findings().await, ["dispute_opened"]);
    // The provider names it to us; the buyer sees only that there is one.
    let mut tx = fixture.app.state.db.begin_as(&fixture.buyer.ctx).await.unwrap();
    let seen: String = sqlx::query_scalar("select state from public.disputes").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(seen, "withdrawn");
    sqlx::query("select held_jpy from public.disputes").fetch_one(tx.conn()).await.unwrap_err();
    drop(tx);
    let mut tx = fixture.app.state.db.begin_as(&fixture.seller.ctx).await.unwrap();
    let others: i64 = sqlx::query_scalar("select count(*) from public.disputes").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(others, 0);
}

#[tokio::test]
async fn a_dispute_that_is_won_gives_everybody_back_what_was_theirs() {
    let fixture = Fixture::with_stripe().await;
    let (_, _, session) = fixture.paid_order().await;
    let opened = fixture.stripe.dispute(&session);
    fixture.deliver(&opened).await;
    fixture.app.drain().await;
    let closed = fixture.stripe.close_dispute(&session, &name(&opened[0]), "won");
    fixture.deliver(&closed).await;
    // Late notices of the withdrawal change nothing any more.
    fixture.deliver(&opened).await;
    fixture.app.drain().await;
    assert_eq!((fixture.dispute_state().await.as_str(), fixture.disputed().await), ("won 0", (0, 0)));
    assert_eq!(fixture.findings().await, ["dispute_closed", "dispute_opened"]);
}

#[tokio::test]
async fn a_dispute_that_is_lost_is_paid_by_the_frozen_share_and_the_platform() {
    for ended_first in [false, true] {
        let fixture = Fixture::with_stripe().await;
        let (_, _, session) = fixture.paid_order().await;
        let opened = fixture.stripe.dispute(&session);
        let closed = fixture.stripe.close_dispute(&session, &name(&opened[0]), "lost");
        let (first, second) = if ended_first { (&closed, &opened) } else { (&opened, &closed) };
        fixture.deliver(first).await;
        fixture.app.drain().await;
        fixture.deliver(second).await;
        fixture.app.drain().await;
        assert_eq!((fixture.dispute_state().await.as_str(), fixture.disputed().await), ("lost 0", (0, 0)));
        let left: i64 = fixture
            .app
            .value(
                "select coalesce(sum(b.debit_jpy), 0)::bigint from public.ledger_balances b
                   join public.ledger_accounts a on a.id = b.account_id
                  where a.kind in ('provider_clearing', 'seller_pending', 'seller_available', 'platform_revenue')
                    and b.debit_jpy <> 0 and a.kind <> 'provider_clearing'",
            )
            .await;
        assert_eq!(left, 0, "neither seller nor platform keeps any of it");
    }
}

#[tokio::test]
async fn what_went_back_before_cannot_be_held_and_is_found() {
    let fixture = Fixture::with_stripe().await;
    let (_, _, session) = fixture.paid_order().await;
    let amount: i64 = fixture.app.value("select amount_jpy from public.payments").await;
    fixture.deliver(&fixture.stripe.refund_at_console(&session, 200)).await;
    fixture.app.drain().await;
    fixture.deliver(&fixture.stripe.dispute(&session)).await;
    fixture.app.drain().await;
    assert_eq!(fixture.disputed().await.0, amount - 200, "what is left of the sale");
    assert_eq!(fixture.findings().await, ["dispute_opened", "refund_exceeds_ledger"]);
}

#[tokio::test]
async fn a_loss_that_a_bank_reverses_gives_everybody_back_what_was_theirs() {
    let fixture = Fixture::with_stripe().await;
    let (_, _, session) = fixture.paid_order().await;
    let opened = fixture.stripe.dispute(&session);
    fixture.deliver(&opened).await;
    for end in ["lost", "won", "won"] {
        fixture.deliver(&fixture.stripe.close_dispute(&session, &name(&opened[0]), end)).await;
        fixture.app.drain().await;
    }
    assert_eq!((fixture.dispute_state().await.as_str(), fixture.disputed().await), ("won 0", (0, 0)));
    let amount: i64 = fixture.app.value("select amount_jpy from public.payments").await;
    let of = |kind: &str| {
        format!(
            "select coalesce(sum(b.debit_jpy), 0)::bigint from public.ledger_balances b
               join public.ledger_accounts a on a.id = b.account_id where a.kind = '{kind}'"
        )
    };
    let pending: i64 = fixture.app.value(&of("seller_pending")).await;
    let platform: i64 = fixture.app.value(&of("platform_revenue")).await;
    assert_eq!((pending, platform), (-amount * 8 / 10, -amount * 2 / 10), "once, however often it was told");
    assert_eq!(fixture.findings().await, ["dispute_closed", "dispute_opened"]);
}
