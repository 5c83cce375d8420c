//! Money back: once, whatever the provider does.

use kernel::Yen;
use testkit::payment_doubles::Fault;
use time::Duration;

use super::desk::Desk;
use crate::refunds::RefundExtent;
use crate::{PaymentError, PaymentStatus};

#[tokio::test]
async fn a_whole_refund_undoes_the_sale() {
    let desk = Desk::with_stripe().await;
    let (order, payment, _) = desk.paid_order().await;
    let first = desk.request_refund(payment, RefundExtent::Whole).await.unwrap();
    assert_eq!(desk.request_refund(payment, RefundExtent::Whole).await.unwrap(), first);
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(desk.stripe.refunds().len(), 1);
    assert_eq!(desk.news(order), ["settled", "refunded"]);
    assert_eq!((desk.debit("seller_pending").await, desk.debit("platform_revenue").await), (0, 0));
    assert_eq!(desk.debit("provider_clearing").await, -43, "the provider keeps its fee");
    // The events about it change nothing any more.
    desk.deliver(&desk.stripe.events()).await;
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["settled", "refunded"]);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn parts_add_up_and_no_more_goes_back_than_was_paid() {
    let desk = Desk::with_stripe().await;
    let (order, payment, _) = desk.paid_order().await;
    let part = |yen: i64| RefundExtent::Lines(vec![(desk.item_of(order), Yen(yen))]);
    desk.request_refund(payment, part(500)).await.unwrap();
    assert!(matches!(desk.request_refund(payment, part(701)).await, Err(PaymentError::RefundExceeds)));
    assert!(matches!(desk.request_refund(payment, part(0)).await, Err(PaymentError::RefundExceeds)));
    assert!(matches!(desk.request_refund(payment, part(-5)).await, Err(PaymentError::RefundExceeds)));
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::PartiallyRefunded);
    assert_eq!(desk.debit("seller_pending").await, -560);
    desk.request_refund(payment, RefundExtent::Whole).await.unwrap();
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(desk.stripe.refunds().iter().map(|refund| refund.amount).collect::<Vec<_>>(), [500, 700]);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_not_paid_cannot_go_back() {
    let desk = Desk::with_stripe().await;
    let (_, payment, _) = desk.order_at_stripe().await;
    assert!(matches!(desk.request_refund(payment, RefundExtent::Whole).await, Err(PaymentError::NotCaptured)));
}

#[tokio::test]
async fn lost_answers_and_kept_failures_make_one_refund() {
    let desk = Desk::with_stripe().await;
    for fault in [
        Fault::BreakAfterSuccess,
        Fault::BreakBefore,
        Fault::ServerError,
        Fault::ServerErrorAfterSuccess,
        Fault::RateLimited { retry_after_seconds: 100 },
        Fault::Garbage,
    ] {
        let (order, payment, _) = desk.paid_order().await;
        let before = desk.stripe.refunds().len();
        desk.stripe.fail_next("POST", "/v1/refunds", fault, 3);
        desk.request_refund(payment, RefundExtent::Whole).await.unwrap();
        for _ in 0..6 {
            desk.app.drain().await;
            desk.advance(Duration::hours(1));
        }
        assert_eq!(desk.status(payment).await, PaymentStatus::Refunded, "{fault:?}");
        assert_eq!(desk.stripe.refunds().len() - before, 1, "{fault:?}");
        assert_eq!(desk.news(order), ["settled", "refunded"], "{fault:?}");
    }
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_slow_refund_is_heard_of_or_asked_about() {
    let desk = Desk::with_stripe().await;
    desk.stripe.keep_refunds_pending();
    for by_event in [true, false] {
        let (order, payment, _) = desk.paid_order().await;
        desk.request_refund(payment, RefundExtent::Whole).await.unwrap();
        desk.app.drain().await;
        assert_eq!(desk.status(payment).await, PaymentStatus::Captured);
        let refund = desk.stripe.refunds().pop().unwrap();
        let events = desk.stripe.settle_refund(&refund.id, "succeeded");
        if by_event {
            desk.deliver(&events).await;
            desk.app.drain().await;
        } else {
            desk.advance(Duration::hours(2));
            desk.app.upkeep().await;
        }
        assert_eq!(desk.status(payment).await, PaymentStatus::Refunded, "{by_event}");
        assert_eq!(desk.news(order), ["settled", "refunded"], "{by_event}");
    }
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_refund_that_fails_is_an_operators_matter() {
    let desk = Desk::with_stripe().await;
    desk.stripe.keep_refunds_pending();
    let (order, payment, _) = desk.paid_order().await;
    desk.request_refund(payment, RefundExtent::Whole).await.unwrap();
    desk.app.drain().await;
    let refund = desk.stripe.refunds().pop().unwrap();
    desk.deliver(&desk.stripe.settle_refund(&refund.id, "failed")).await;
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(desk.debit("seller_pending").await, -960, "nothing went back, so nothing is taken");
    assert_eq!(desk.findings().await, ["refund_failed"]);
}

#[tokio::test]
async fn money_given_back_at_the_console_is_taken_in() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.paid_order().await;
    let events = desk.stripe.refund_at_console(&session, 500);
    desk.deliver(&events).await;
    desk.deliver(&events).await;
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::PartiallyRefunded);
    assert_eq!(desk.debit("seller_pending").await, -560);
    desk.deliver(&desk.stripe.refund_at_console(&session, 700)).await;
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(desk.news(order), ["settled", "refunded", "refunded"]);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_console_refund_that_overtakes_the_sale_waits_for_it() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    let paid = desk.stripe.pay(&session);
    let gone_back = desk.stripe.refund_at_console(&session, 1_200);
    desk.deliver(&paid[..1]).await;
    // Only the events are handled; the market's job is still waiting when the refund is heard of.
    desk.app.execute("update public.jobs set priority = 20 where name = 'payments.handle_event'").await;
    desk.deliver(&gone_back).await;
    for _ in 0..4 {
        desk.app.drain().await;
        desk.advance(Duration::minutes(5));
    }
    assert_eq!(desk.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(desk.news(order), ["settled", "refunded"]);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}
