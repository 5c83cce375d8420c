//! Money for credits that goes back, and the fees on it.

use kernel::{PaymentId, Yen};
use time::Duration;

use super::desk::Desk;
use super::subscription_desk::Act;
use crate::refunds::RefundExtent;
use crate::subscriptions::CheckoutCompleted;
use crate::{PaymentError, PaymentStatus};

async fn payment_of(desk: &Desk, begun: &CheckoutCompleted) -> PaymentId {
    let invoice = begun.invoice.as_ref().unwrap();
    let key = format!("invoice:{}:{}", invoice.provider.as_str(), invoice.invoice_id);
    let id: uuid::Uuid =
        desk.app.value(&format!("select id from public.payments where idempotency_key = '{key}'")).await;
    PaymentId(id)
}

#[tokio::test]
async fn what_is_unspent_goes_back_from_what_is_owed() {
    for desk in [Desk::with_stripe().await, Desk::with_sandbox().await] {
        let begun = desk.subscribed().await;
        let payment = payment_of(&desk, &begun).await;
        assert_eq!(desk.debit("deferred_credits").await, -9_800);
        // Some of it was used meanwhile.
        let mut tx = desk.app.tx().await;
        ledger::deferred::recognise(&desk.app.ctx(), &mut tx, "lot:1", Some(payment), Yen(800)).await.unwrap();
        tx.commit().await.unwrap();
        desk.request_refund(payment, RefundExtent::Amount(Yen(4_000))).await.unwrap();
        let same = desk.request_refund(payment, RefundExtent::Amount(Yen(4_000))).await.unwrap();
        desk.hear_all().await;
        assert_eq!((desk.debit("deferred_credits").await, desk.debit("credit_revenue").await), (-5_000, -800));
        assert_eq!(desk.status(payment).await, PaymentStatus::PartiallyRefunded);
        assert_eq!(desk.credits().money_back, [(payment, Yen(4_000))], "{same}");
        // The rest, although some of it was used: what was earned with it is no longer.
        desk.request_refund(payment, RefundExtent::Whole).await.unwrap();
        desk.hear_all().await;
        assert_eq!((desk.debit("deferred_credits").await, desk.debit("credit_revenue").await), (0, 0));
        assert_eq!(desk.status(payment).await, PaymentStatus::Refunded);
        assert_eq!((desk.debit("seller_pending").await, desk.debit("refunds_owed").await), (0, 0));
        let more = desk.request_refund(payment, RefundExtent::Amount(Yen(1))).await;
        assert!(matches!(more, Err(PaymentError::RefundExceeds)), "{more:?}");
        assert_eq!(desk.findings().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_fee_of_an_invoice_is_booked_when_it_is_known() {
    for desk in [Desk::with_stripe().await, Desk::with_sandbox().await] {
        desk.stripe.keep_fees_late(true);
        let begun = desk.subscribed().await;
        desk.happen(&begun.subscription, Act::Renew).await;
        desk.advance(Duration::minutes(1));
        desk.app.upkeep().await;
        desk.stripe.keep_fees_late(false);
        for _ in 0..3 {
            desk.advance(Duration::minutes(10));
            desk.app.upkeep().await;
        }
        assert_eq!(desk.debit("payment_fee_expense").await, 2 * 352);
        assert_eq!(desk.debit("provider_clearing").await, 2 * (9_800 - 352));
        let waiting: i64 = desk.app.value("select count(*) from public.payments where next_check_at is not null").await;
        assert_eq!(waiting, 0);
        assert_eq!(desk.findings().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_refund_at_the_console_is_taken_in_even_before_the_payment_is_known() {
    let desk = Desk::with_stripe().await;
    let opened = desk.open_page(&desk.new_checkout()).await.unwrap();
    desk.stripe.subscribe(&opened.session_id, "hana@example.jp");
    let intent = desk.stripe.invoices()[0].payment_intent_id.clone();
    let refunded = desk.stripe.refund_payment_at_console(&intent, 1_000);
    desk.deliver(&refunded).await;
    desk.app.drain().await;
    assert_eq!(desk.outcome(&refunded[0]).await, "ignored_unknown", "nobody knows the payment yet");
    desk.hear_all().await;
    desk.advance(Duration::minutes(1));
    desk.app.upkeep().await;
    assert_eq!(desk.debit("deferred_credits").await, -8_800);
    let later = desk.stripe.refund_payment_at_console(&intent, 800);
    desk.deliver(&later).await;
    desk.app.drain().await;
    assert_eq!(desk.debit("deferred_credits").await, -8_000);
    assert_eq!(desk.credits().money_back.iter().map(|(_, yen)| yen.get()).collect::<Vec<_>>(), [1_000, 800]);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_pack_is_given_back_from_what_is_owed_and_an_undelivered_one_from_what_is_held() {
    let desk = Desk::with_sandbox().await;
    let delivered = desk.buy_pack(true).await;
    assert_eq!(desk.debit("deferred_credits").await, -5_000);
    desk.request_refund(delivered, RefundExtent::Amount(Yen(3_000))).await.unwrap();
    desk.app.drain().await;
    assert_eq!(desk.debit("deferred_credits").await, -2_000);
    let undelivered = desk.buy_pack(false).await;
    desk.request_refund(undelivered, RefundExtent::Whole).await.unwrap();
    desk.app.drain().await;
    assert_eq!((desk.debit("deferred_credits").await, desk.debit("refunds_owed").await), (-2_000, 0));
    assert_eq!(desk.status(undelivered).await, PaymentStatus::Refunded);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}
