//! Money back: once, whatever the provider does.

use kernel::Yen;
use testkit::payment_doubles::Fault;
use time::Duration;

use super::fixture::Fixture;
use crate::error::PaymentError;
use crate::payment::model::PaymentStatus;
use crate::refunds::model::RefundExtent;

#[tokio::test]
async fn a_whole_refund_undoes_the_sale() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, _) = fixture.paid_order().await;
    let first = fixture.request_refund(payment, RefundExtent::Whole).await.unwrap();
    assert_eq!(fixture.request_refund(payment, RefundExtent::Whole).await.unwrap(), first);
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(fixture.stripe.refunds().len(), 1);
    assert_eq!(fixture.notices(order), ["settled", "refunded"]);
    assert_eq!((fixture.debit("seller_pending").await, fixture.debit("platform_revenue").await), (0, 0));
    assert_eq!(fixture.debit("provider_clearing").await, -43, "the provider keeps its fee");
    // The events about it change nothing any more.
    fixture.deliver(&fixture.stripe.events()).await;
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["settled", "refunded"]);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn parts_add_up_and_no_more_goes_back_than_was_paid() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, _) = fixture.paid_order().await;
    let part = |yen: i64| RefundExtent::Lines(vec![(fixture.item_of(order), Yen(yen))]);
    fixture.request_refund(payment, part(500)).await.unwrap();
    assert!(matches!(fixture.request_refund(payment, part(701)).await, Err(PaymentError::RefundExceeds)));
    assert!(matches!(fixture.request_refund(payment, part(0)).await, Err(PaymentError::RefundExceeds)));
    assert!(matches!(fixture.request_refund(payment, part(-5)).await, Err(PaymentError::RefundExceeds)));
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::PartiallyRefunded);
    assert_eq!(fixture.debit("seller_pending").await, -560);
    fixture.request_refund(payment, RefundExtent::Whole).await.unwrap();
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(fixture.stripe.refunds().iter().map(|refund| refund.amount).collect::<Vec<_>>(), [500, 700]);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_not_paid_cannot_go_back() {
    let fixture = Fixture::with_stripe().await;
    let (_, payment, _) = fixture.order_at_stripe().await;
    assert!(matches!(fixture.request_refund(payment, RefundExtent::Whole).await, Err(PaymentError::NotCaptured)));
}

#[tokio::test]
async fn lost_answers_and_kept_failures_make_one_refund() {
    let fixture = Fixture::with_stripe().await;
    for fault in [
        Fault::BreakAfterSuccess,
        Fault::BreakBefore,
        Fault::ServerError,
        Fault::ServerErrorAfterSuccess,
        Fault::RateLimited { retry_after_seconds: 100 },
        Fault::Garbage,
    ] {
        let (order, payment, _) = fixture.paid_order().await;
        let before = fixture.stripe.refunds().len();
        fixture.stripe.fail_next("POST", "/v1/refunds", fault, 3);
        fixture.request_refund(payment, RefundExtent::Whole).await.unwrap();
        for _ in 0..6 {
            fixture.app.drain().await;
            fixture.advance(Duration::hours(1));
        }
        assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded, "{fault:?}");
        assert_eq!(fixture.stripe.refunds().len() - before, 1, "{fault:?}");
        assert_eq!(fixture.notices(order), ["settled", "refunded"], "{fault:?}");
    }
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_slow_refund_is_heard_of_or_asked_about() {
    let fixture = Fixture::with_stripe().await;
    fixture.stripe.keep_refunds_pending();
    for by_event in [true, false] {
        let (order, payment, _) = fixture.paid_order().await;
        fixture.request_refund(payment, RefundExtent::Whole).await.unwrap();
        fixture.app.drain().await;
        assert_eq!(fixture.status(payment).await, PaymentStatus::Captured);
        let refund = fixture.stripe.refunds().pop().unwrap();
        let events = fixture.stripe.settle_refund(&refund.id, "succeeded");
        if by_event {
            fixture.deliver(&events).await;
            fixture.app.drain().await;
        } else {
            fixture.advance(Duration::hours(2));
            fixture.app.upkeep().await;
        }
        assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded, "{by_event}");
        assert_eq!(fixture.notices(order), ["settled", "refunded"], "{by_event}");
    }
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_refund_that_fails_is_an_operators_matter() {
    let fixture = Fixture::with_stripe().await;
    fixture.stripe.keep_refunds_pending();
    let (order, payment, _) = fixture.paid_order().await;
    fixture.request_refund(payment, RefundExtent::Whole).await.unwrap();
    fixture.app.drain().await;
    let refund = fixture.stripe.refunds().pop().unwrap();
    fixture.deliver(&fixture.stripe.settle_refund(&refund.id, "failed")).await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(fixture.debit("seller_pending").await, -960, "nothing went back, so nothing is taken");
    assert_eq!(fixture.findings().await, ["refund_failed"]);
}

#[tokio::test]
async fn money_given_back_at_the_console_is_taken_in() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.paid_order().await;
    let events = fixture.stripe.refund_at_console(&session, 500);
    fixture.deliver(&events).await;
    fixture.deliver(&events).await;
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::PartiallyRefunded);
    assert_eq!(fixture.debit("seller_pending").await, -560);
    fixture.deliver(&fixture.stripe.refund_at_console(&session, 700)).await;
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(fixture.notices(order), ["settled", "refunded", "refunded"]);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_console_refund_that_overtakes_the_sale_waits_for_it() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let paid = fixture.stripe.pay(&session);
    let gone_back = fixture.stripe.refund_at_console(&session, 1_200);
    fixture.deliver(&paid[..1]).await;
    // Only the events are handled; the market's job is still waiting when the refund is heard of.
    fixture.app.execute("update public.jobs set priority = 20 where name = 'payments.handle_event'").await;
    fixture.deliver(&gone_back).await;
    for _ in 0..4 {
        fixture.app.drain().await;
        fixture.advance(Duration::minutes(5));
    }
    assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(fixture.notices(order), ["settled", "refunded"]);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}
