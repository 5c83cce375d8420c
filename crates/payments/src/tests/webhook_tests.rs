//! The door: who is believed, what is taken in once, and what order does not matter.

use serde_json::json;
use testkit::payment_doubles::StripeDouble;
use time::Duration;

use super::desk::Desk;
use crate::PaymentStatus;

async fn inbox_rows(desk: &Desk) -> i64 {
    desk.app.value("select count(*) from public.webhook_inbox").await
}

#[tokio::test]
async fn only_a_good_signature_is_believed() {
    let desk = Desk::with_stripe().await;
    let (_, payment, session) = desk.order_at_stripe().await;
    let event = desk.stripe.pay(&session).remove(0);
    let now = desk.app.ctx().now().unix_timestamp();
    let sign = |secret: &str, at: i64| StripeDouble::signature(secret, at, event.body.as_bytes());
    let good = StripeDouble::WEBHOOK_SECRET;
    let other_body = StripeDouble::signature(good, now, b"{}");
    let cases = [
        (None, "webhook_signature_malformed"),
        (Some("nonsense".to_owned()), "webhook_signature_malformed"),
        (Some(sign("whsec_wrong", now)), "webhook_signature_mismatch"),
        (Some(other_body), "webhook_signature_mismatch"),
        (Some(sign(good, now - 301)), "webhook_signature_outside_tolerance"),
        (Some(sign(good, now + 301)), "webhook_signature_outside_tolerance"),
    ];
    for (header, code) in cases {
        let mut client = desk.app.anonymous();
        if let Some(header) = &header {
            client = client.with_header("stripe-signature", header);
        }
        client
            .post_bytes("/api/webhooks/stripe", "application/json", event.body.clone())
            .await
            .expect_problem(400, code);
    }
    desk.app.drain().await;
    assert_eq!(inbox_rows(&desk).await, 0);
    assert_eq!(desk.status(payment).await, PaymentStatus::Pending);

    // A foreign Origin does not matter here, unlike everywhere else: the signature does.
    let client = desk.app.anonymous().with_header("stripe-signature", &sign(good, now - 299));
    let client = client.with_header("origin", "https://elsewhere.example").with_header("sec-fetch-site", "cross-site");
    client.post_bytes("/api/webhooks/stripe", "application/json", event.body.clone()).await.expect(200);
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Captured);
}

#[tokio::test]
async fn two_secrets_work_while_one_is_replaced() {
    let secrets = format!("whsec_new,{}", StripeDouble::WEBHOOK_SECRET);
    let desk = Desk::open("stripe", &[("MACHIYA_STRIPE_WEBHOOK_SECRET", secrets.as_str())]).await;
    let (_, payment, session) = desk.order_at_stripe().await;
    desk.deliver(&desk.stripe.pay(&session)).await;
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Captured);
}

#[tokio::test]
async fn signed_nonsense_is_refused_and_forgotten() {
    let desk = Desk::with_stripe().await;
    let now = desk.app.ctx().now().unix_timestamp();
    let big = format!("{{\"id\":\"evt_big\",\"pad\":\"{}\"}}", "x".repeat(1024 * 1024));
    let long = json!({"id": "e".repeat(300), "type": "x", "data": {"object": {}}}).to_string();
    let nul = json!({"id": "evt_\u{0}", "type": "x", "data": {"object": {}}}).to_string();
    for (body, status) in [
        ("", 400),
        ("[]", 400),
        ("{\"id\":1}", 400),
        ("{\"id\":\"evt_1\",\"type\":\"x\",\"data\":{}}", 400),
        (long.as_str(), 400),
        (nul.as_str(), 400),
        (big.as_str(), 413),
    ] {
        let header = StripeDouble::signature(StripeDouble::WEBHOOK_SECRET, now, body.as_bytes());
        let client = desk.app.anonymous().with_header("stripe-signature", &header);
        let answer = client.post_bytes("/api/webhooks/stripe", "application/json", body.to_owned()).await;
        assert_eq!(answer.status.as_u16(), status, "{}", body.chars().take(60).collect::<String>());
    }
    assert_eq!(inbox_rows(&desk).await, 0);
}

#[tokio::test]
async fn the_same_event_fifty_times_at_once_is_one() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    let event = desk.stripe.pay(&session).remove(0);
    let webhook = desk.webhook();
    let answers = futures::future::join_all((0..50).map(|_| desk.stripe.deliver(&webhook, &event))).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap() == 200));
    assert_eq!(inbox_rows(&desk).await, 1);
    let jobs: i64 = desk.app.value("select count(*) from public.jobs where name = 'payments.handle_event'").await;
    assert_eq!(jobs, 1);
    let workers = (0..4).map(|_| desk.app.worker());
    futures::future::join_all(workers.map(|worker| async move { worker.drain().await.unwrap() })).await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Captured, vec!["settled"]));
}

#[tokio::test]
async fn the_order_of_events_does_not_matter() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    let mut events = desk.stripe.decline(&session, "lost_card");
    events.extend(desk.stripe.choose_konbini(&session));
    events.extend(desk.stripe.konbini_paid(&session));
    events.reverse();
    desk.deliver(&events).await;
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Captured, vec!["settled"]));

    // An expiry that was sent before and arrives after the money.
    let (order, payment, session) = desk.order_at_stripe().await;
    let stale = json!({"id": session, "object": "checkout.session", "status": "expired", "payment_status": "unpaid",
                       "amount_total": 1200, "currency": "jpy", "metadata": {}});
    let expired = desk.stripe.invent_event("checkout.session.expired", &stale);
    desk.deliver(&desk.stripe.pay(&session)).await;
    desk.deliver(&[expired]).await;
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone() {
    let desk = Desk::with_stripe().await;
    let session = |metadata: serde_json::Value| {
        json!({"id": "cs_live_other", "object": "checkout.session", "status": "complete", "payment_status": "paid",
               "amount_total": 900, "currency": "jpy", "payment_intent": "pi_other", "metadata": metadata})
    };
    let events = [
        (desk.stripe.invent_event("checkout.session.completed", &session(json!({}))), "ignored_unknown"),
        (
            desk.stripe.invent_event("checkout.session.completed", &session(json!({"house": "https://other.example"}))),
            "ignored_unknown",
        ),
        (
            desk.stripe.invent_event(
                "refund.updated",
                &json!({"id": "re_x", "object": "refund", "amount": 1, "payment_intent": "pi_x"}),
            ),
            "ignored_unknown",
        ),
        (desk.stripe.invent_event("customer.created", &json!({"id": "cus_1", "object": "customer"})), "ignored_type"),
        (desk.stripe.invent_event("charge.updated", &json!({"id": "ch_1", "object": "charge"})), "ignored_type"),
        (
            desk.stripe.invent_event("checkout.session.completed", &json!({"id": 7, "object": "checkout.session"})),
            "unreadable",
        ),
    ];
    for (event, outcome) in &events {
        desk.deliver(std::slice::from_ref(event)).await;
        desk.app.drain().await;
        assert_eq!(desk.outcome(event).await, *outcome, "{}", event.kind);
    }
    assert_eq!(desk.stripe.refunds(), []);
    assert_eq!(desk.findings().await, ["event_unreadable"]);
}

#[tokio::test]
async fn money_of_ours_that_we_lost_goes_back_and_is_reported() {
    let desk = Desk::with_stripe().await;
    let (_, payment, session) = desk.order_at_stripe().await;
    let events = desk.stripe.pay(&session);
    // A backup from before this payment was restored.
    desk.app.execute("delete from public.payments").await;
    desk.deliver(&events).await;
    desk.deliver(&events).await;
    desk.app.drain().await;
    assert_eq!(desk.outcome(&events[0]).await, "refunded_unknown");
    let refunds = desk.stripe.refunds();
    assert_eq!(refunds.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [1_200]);
    assert_eq!(desk.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(desk.debit("refunds_owed").await, 0);
    assert_eq!(desk.findings().await, ["captured_without_payment"]);
}

#[tokio::test]
async fn another_amount_is_not_taken_for_the_price() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    let object = json!({"id": session, "object": "checkout.session", "status": "complete", "payment_status": "paid",
                        "amount_total": 12, "currency": "jpy", "payment_intent": "pi_x", "metadata": {}});
    desk.deliver(&[desk.stripe.invent_event("checkout.session.completed", &object)]).await;
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Pending, vec![]));
    assert_eq!(desk.findings().await, ["amount_differs"]);
}

#[tokio::test]
async fn an_event_whose_job_died_is_handled_after_all_and_old_bodies_are_dropped() {
    let desk = Desk::with_stripe().await;
    let (order, _, session) = desk.order_at_stripe().await;
    let events = desk.stripe.pay(&session);
    desk.deliver(&events).await;
    desk.app.execute("delete from public.jobs where name = 'payments.handle_event'").await;
    desk.advance(Duration::minutes(16));
    desk.app.upkeep().await;
    assert_eq!(desk.outcome(&events[0]).await, "applied");
    assert_eq!(desk.news(order), ["settled"]);
    desk.advance(Duration::days(31));
    desk.app.upkeep().await;
    let kept: i64 = desk.app.value("select count(*) from public.webhook_inbox where body is not null").await;
    assert_eq!((kept, inbox_rows(&desk).await), (0, 2));
}
