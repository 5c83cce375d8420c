//! Money for credits that goes back, and the fees on it.

use kernel::{PaymentId, Yen};
use time::Duration;

use super::fixture::Fixture;
use super::subscription_fixture::Act;
use crate::error::PaymentError;
use crate::payment::model::PaymentStatus;
use crate::refunds::model::RefundExtent;
use crate::subscriptions::snapshot::CheckoutCompleted;

async fn payment_of(fixture: &Fixture, begun: &CheckoutCompleted) -> PaymentId {
    let invoice = begun.invoice.as_ref().unwrap();
    let key = format!("invoice:{}:{}", invoice.provider.as_str(), invoice.invoice_id);
    let id: uuid::Uuid = fixture
        .app
        .value(&format!("select payment_id from public.payment_attempts where idempotency_key = '{key}'"))
        .await;
    PaymentId(id)
}

#[tokio::test]
async fn what_is_unspent_goes_back_from_what_is_owed() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        let begun = fixture.subscribed().await;
        let payment = payment_of(&fixture, &begun).await;
        assert_eq!(fixture.debit("deferred_credits").await, -9_800);
        // Some of it was used meanwhile.
        let mut tx = fixture.app.tx().await;
        ledger::deferred::recognise(&fixture.app.ctx(), &mut tx, "lot:1", Some(payment), Yen(800)).await.unwrap();
        tx.commit().await.unwrap();
        fixture.request_refund(payment, RefundExtent::Amount(Yen(4_000))).await.unwrap();
        let same = fixture.request_refund(payment, RefundExtent::Amount(Yen(4_000))).await.unwrap();
        fixture.fetch_all().await;
        assert_eq!((fixture.debit("deferred_credits").await, fixture.debit("credit_revenue").await), (-5_000, -800));
        assert_eq!(fixture.status(payment).await, PaymentStatus::PartiallyRefunded);
        assert_eq!(fixture.credits().money_back, [(payment, Yen(4_000))], "{same}");
        // The rest, although some of it was used: what was earned with it is no longer.
        fixture.request_refund(payment, RefundExtent::Whole).await.unwrap();
        fixture.fetch_all().await;
        assert_eq!((fixture.debit("deferred_credits").await, fixture.debit("credit_revenue").await), (0, 0));
        assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded);
        assert_eq!((fixture.debit("seller_pending").await, fixture.debit("refunds_owed").await), (0, 0));
        let more = fixture.request_refund(payment, RefundExtent::Amount(Yen(1))).await;
        assert!(matches!(more, Err(PaymentError::RefundExceeds)), "{more:?}");
        assert_eq!(fixture.findings().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_fee_of_an_invoice_is_booked_when_it_is_known() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        fixture.stripe.keep_fees_late(true);
        let begun = fixture.subscribed().await;
        fixture.happen(&begun.subscription, Act::Renew).await;
        fixture.advance(Duration::minutes(1));
        fixture.app.upkeep().await;
        fixture.stripe.keep_fees_late(false);
        for _ in 0..3 {
            fixture.advance(Duration::minutes(10));
            fixture.app.upkeep().await;
        }
        assert_eq!(fixture.debit("payment_fee_expense").await, 2 * 352);
        assert_eq!(fixture.debit("provider_clearing").await, 2 * (9_800 - 352));
        let waiting: i64 =
            fixture.app.value("select count(*) from public.payment_attempts where next_check_at is not null").await;
        assert_eq!(waiting, 0);
        assert_eq!(fixture.findings().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_refund_at_the_console_is_taken_in_even_before_the_payment_is_known() {
    let fixture = Fixture::with_stripe().await;
    let opened = fixture.open_page(&fixture.new_checkout()).await.unwrap();
    fixture.stripe.subscribe(&opened.session_id, "hana@example.jp");
    let intent = fixture.stripe.invoices()[0].payment_intent_id.clone();
    let refunded = fixture.stripe.refund_payment_at_console(&intent, 1_000);
    fixture.deliver(&refunded).await;
    fixture.app.drain().await;
    assert_eq!(fixture.outcome(&refunded[0]).await, "ignored_unknown", "nobody knows the payment yet");
    fixture.fetch_all().await;
    fixture.advance(Duration::minutes(1));
    fixture.app.upkeep().await;
    assert_eq!(fixture.debit("deferred_credits").await, -8_800);
    let later = fixture.stripe.refund_payment_at_console(&intent, 800);
    fixture.deliver(&later).await;
    fixture.app.drain().await;
    assert_eq!(fixture.debit("deferred_credits").await, -8_000);
    assert_eq!(fixture.credits().money_back.iter().map(|(_, yen)| yen.get()).collect::<Vec<_>>(), [1_000, 800]);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_pack_is_given_back_from_what_is_owed_and_an_undelivered_one_from_what_is_held() {
    let fixture = Fixture::with_sandbox().await;
    let delivered = fixture.buy_pack(true).await;
    assert_eq!(fixture.debit("deferred_credits").await, -5_000);
    fixture.request_refund(delivered, RefundExtent::Amount(Yen(3_000))).await.unwrap();
    fixture.app.drain().await;
    assert_eq!(fixture.debit("deferred_credits").await, -2_000);
    let undelivered = fixture.buy_pack(false).await;
    fixture.request_refund(undelivered, RefundExtent::Whole).await.unwrap();
    fixture.app.drain().await;
    assert_eq!((fixture.debit("deferred_credits").await, fixture.debit("refunds_owed").await), (-2_000, 0));
    assert_eq!(fixture.status(undelivered).await, PaymentStatus::Refunded);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}
