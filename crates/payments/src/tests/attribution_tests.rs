//! Refunds and disputes by order item: asked for, derived by rule, and corrected by an operator.

use kernel::{OrderItemId, RefundId, Yen};
use serde_json::json;

use super::fixture::Fixture;
use crate::disputes::model::DisputeState;
use crate::error::PaymentError;
use crate::payment::model::PaymentStatus;
use crate::refunds::attribute::succeeded_of;
use crate::refunds::model::{LineAmount, RefundExtent, RefundReason};

fn line(order_item_id: OrderItemId, yen: i64) -> LineAmount {
    LineAmount { order_item_id, amount_yen: Yen(yen) }
}

async fn attribute(fixture: &Fixture, refund: RefundId, lines: &[(OrderItemId, Yen)]) -> Result<(), PaymentError> {
    let mut tx = fixture.app.tx().await;
    fixture.payments.attribute_refund(&fixture.app.ctx(), &mut tx, refund, lines).await?;
    tx.commit().await?;
    fixture.app.drain().await;
    Ok(())
}

#[tokio::test]
async fn two_equal_partial_refunds_are_two() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.paid_order_of(&[700, 500]).await;
    let items = fixture.items_of(order);
    let part = || RefundExtent::Lines(vec![(items[0], Yen(100))]);
    let first = fixture.request_refund_as(payment, part(), "form-1").await.unwrap();
    assert_eq!(fixture.request_refund_as(payment, part(), "form-1").await.unwrap(), first, "asked twice");
    let second = fixture.request_refund_as(payment, part(), "form-2").await.unwrap();
    assert_ne!(first, second);
    fixture.app.drain().await;
    // And two at the provider's console, which differ in the provider's id alone; each event comes twice.
    let mut events = fixture.stripe.refund_at_console(&session, 150);
    events.extend(fixture.stripe.refund_at_console(&session, 150));
    fixture.deliver(&events).await;
    fixture.deliver(&events).await;
    fixture.app.drain().await;
    assert_eq!(fixture.stripe.refunds().iter().map(|refund| refund.amount).collect::<Vec<_>>(), [100, 100, 150, 150]);
    assert_eq!(fixture.notices(order), ["settled", "refunded", "refunded", "refunded", "refunded"]);
    let refunded: i64 = fixture.app.value("select refunded_jpy from public.payments").await;
    assert_eq!((refunded, fixture.status(payment).await), (500, PaymentStatus::PartiallyRefunded));
    let notices = fixture.market().refunds.clone();
    assert_eq!(notices[0].lines, [line(items[0], 100)]);
    assert_eq!((notices[0].reason, notices[2].reason), (RefundReason::Requested, RefundReason::MadeAtProvider));
    assert!(
        notices
            .iter()
            .all(|notice| { notice.lines.iter().map(|line| line.amount_yen).sum::<Yen>() == notice.refunded_yen })
    );
    for key in ["", &"x".repeat(201)] {
        let refused = fixture.request_refund_as(payment, part(), key).await;
        assert!(matches!(refused, Err(PaymentError::InvalidRequest("key"))), "{refused:?}");
    }
    assert_eq!(fixture.findings().await, ["refund_attributed", "refund_attributed"]);
}

#[tokio::test]
async fn a_refund_at_the_console_is_attributed_by_rule_and_corrected_by_an_operator() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.paid_order_of(&[700, 500]).await;
    let items = fixture.items_of(order);
    fixture.deliver(&fixture.stripe.refund_at_console(&session, 500)).await;
    fixture.app.drain().await;
    let notice = fixture.market().refunds.last().unwrap().clone();
    assert_eq!(notice.lines, [line(items[1], 500)], "the one item that it fits");
    assert_eq!(fixture.findings().await, ["refund_attributed"]);

    let refund = notice.refund_id;
    for (lines, error) in [
        (vec![(items[0], Yen(499))], "refund_exceeds_payment"),
        (vec![(items[0], Yen(501))], "refund_exceeds_payment"),
        (vec![(items[0], Yen(600)), (items[1], Yen(-100))], "refund_exceeds_payment"),
        (vec![(fixture.app.ctx().new_id(), Yen(500))], "refund_exceeds_payment"),
        (vec![], "refund_exceeds_payment"),
    ] {
        assert_eq!(attribute(&fixture, refund, &lines).await.unwrap_err().code(), error, "{lines:?}");
    }
    attribute(&fixture, refund, &[(items[0], Yen(400)), (items[1], Yen(100))]).await.unwrap();
    let corrected = fixture.market().refunds.last().unwrap().clone();
    assert_eq!(corrected.refund_id, refund);
    let mut expected = vec![line(items[0], 400), line(items[1], 100)];
    expected.sort_by_key(|line| line.order_item_id);
    assert_eq!(corrected.lines, expected);
    let mut tx = fixture.app.tx().await;
    let known = succeeded_of(&mut tx, payment).await.unwrap();
    drop(tx);
    assert_eq!(known.iter().map(|one| (one.refund_id, one.lines.clone())).collect::<Vec<_>>(), [(refund, expected)]);
    assert_eq!(fixture.findings().await, Vec::<String>::new(), "the finding is resolved");
    assert_eq!(fixture.notices(order), ["settled", "refunded", "refunded"]);

    // Only the rest goes back by item now.
    let rest = |item: OrderItemId, yen: i64| RefundExtent::Lines(vec![(item, Yen(yen))]);
    fixture.request_refund(payment, rest(items[1], 400)).await.unwrap();
    fixture.request_refund(payment, rest(items[0], 300)).await.unwrap();
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded);
    assert_eq!((fixture.debit("seller_pending").await, fixture.debit("platform_revenue").await), (0, 0));
    let ours = fixture.market().refunds.last().unwrap().refund_id;
    let refused = attribute(&fixture, ours, &[(items[0], Yen(300))]).await;
    assert!(matches!(refused, Err(PaymentError::Conflict)), "one that was asked for here is as it was asked for");
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_partial_dispute_is_of_the_item_that_it_fits() {
    let fixture = Fixture::with_stripe().await;
    let (order, _, session) = fixture.paid_order_of(&[700, 500]).await;
    let items = fixture.items_of(order);
    let intent = fixture.stripe.sessions().into_iter().find(|one| one.id == session).unwrap().payment_intent_id;
    for (kind, status, state) in [
        ("charge.dispute.created", "needs_response", DisputeState::Raised),
        ("charge.dispute.funds_withdrawn", "needs_response", DisputeState::Withdrawn),
        ("charge.dispute.closed", "lost", DisputeState::Lost),
        ("charge.dispute.funds_reinstated", "won", DisputeState::Won),
    ] {
        let object = json!({"id": "du_part", "object": "dispute", "amount": 500, "currency": "jpy", "status": status,
                            "reason": "product_not_received", "payment_intent": intent});
        fixture.deliver(&[fixture.stripe.invent_event(kind, &object)]).await;
        fixture.app.drain().await;
        let notice = fixture.market().disputes.last().unwrap().clone();
        assert_eq!((notice.state, notice.disputed_yen), (state, Yen(500)));
        assert_eq!(notice.reason, "product_not_received");
        let lines = if state == DisputeState::Raised { vec![] } else { vec![line(items[1], 500)] };
        assert_eq!(notice.lines, lines, "{state:?}");
        assert_eq!(notice.payment.reference_id, order);
    }
    assert_eq!((fixture.debit("seller_pending").await, fixture.debit("dispute_receivable").await), (-960, 0));
    assert_eq!(fixture.findings().await, ["dispute_closed", "dispute_opened"]);
}
