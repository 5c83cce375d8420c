//! The door: who is believed, what is taken in once, and what order does not matter.

use serde_json::json;
use testkit::payment_doubles::StripeDouble;
use time::Duration;

use super::fixture::Fixture;
use crate::intents::model::PaymentStatus;

async fn inbox_rows(fixture: &Fixture) -> i64 {
    fixture.app.value("select count(*) from public.webhook_inbox").await
}

#[tokio::test]
async fn only_a_good_signature_is_believed() {
    let fixture = Fixture::with_stripe().await;
    let (_, payment, session) = fixture.order_at_stripe().await;
    let event = fixture.stripe.pay(&session).remove(0);
    let now = fixture.app.ctx().now().unix_timestamp();
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
        let mut client = fixture.app.anonymous();
        if let Some(header) = &header {
            client = client.with_header("stripe-signature", header);
        }
        client
            .post_bytes("/api/webhooks/stripe", "application/json", event.body.clone())
            .await
            .expect_problem(400, code);
    }
    fixture.app.drain().await;
    assert_eq!(inbox_rows(&fixture).await, 0);
    assert_eq!(fixture.status(payment).await, PaymentStatus::Pending);

    // A foreign Origin does not matter here, unlike everywhere else: the signature does.
    let client = fixture.app.anonymous().with_header("stripe-signature", &sign(good, now - 299));
    let client = client.with_header("origin", "https://elsewhere.example").with_header("sec-fetch-site", "cross-site");
    client.post_bytes("/api/webhooks/stripe", "application/json", event.body.clone()).await.expect(200);
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Captured);
}

#[tokio::test]
async fn two_secrets_work_while_one_is_replaced() {
    let secrets = format!("whsec_new,{}", StripeDouble::WEBHOOK_SECRET);
    let fixture = Fixture::open("stripe", &[("MACHIYA_STRIPE_WEBHOOK_SECRET", secrets.as_str())]).await;
    let (_, payment, session) = fixture.order_at_stripe().await;
    fixture.deliver(&fixture.stripe.pay(&session)).await;
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Captured);
}

#[tokio::test]
async fn signed_nonsense_is_refused_and_forgotten() {
    let fixture = Fixture::with_stripe().await;
    let now = fixture.app.ctx().now().unix_timestamp();
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
        let client = fixture.app.anonymous().with_header("stripe-signature", &header);
        let answer = client.post_bytes("/api/webhooks/stripe", "application/json", body.to_owned()).await;
        assert_eq!(answer.status.as_u16(), status, "{}", body.chars().take(60).collect::<String>());
    }
    assert_eq!(inbox_rows(&fixture).await, 0);
}

#[tokio::test]
async fn the_same_event_fifty_times_at_once_is_one() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let event = fixture.stripe.pay(&session).remove(0);
    let webhook = fixture.webhook();
    let answers = futures::future::join_all((0..50).map(|_| fixture.stripe.deliver(&webhook, &event))).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap() == 200));
    assert_eq!(inbox_rows(&fixture).await, 1);
    let jobs: i64 = fixture.app.value("select count(*) from public.jobs where name = 'payments.handle_event'").await;
    assert_eq!(jobs, 1);
    let workers = (0..4).map(|_| fixture.app.another_worker());
    futures::future::join_all(workers.map(|worker| async move { worker.drain().await.unwrap() })).await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
}

#[tokio::test]
async fn the_order_of_events_does_not_matter() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let mut events = fixture.stripe.decline(&session, "lost_card");
    events.extend(fixture.stripe.choose_konbini(&session));
    events.extend(fixture.stripe.konbini_paid(&session));
    events.reverse();
    fixture.deliver(&events).await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));

    // An expiry that was sent before and arrives after the money.
    let (order, payment, session) = fixture.order_at_stripe().await;
    let stale = json!({"id": session, "object": "checkout.session", "status": "expired", "payment_status": "unpaid",
                       "amount_total": 1200, "currency": "jpy", "metadata": {}});
    let expired = fixture.stripe.invent_event("checkout.session.expired", &stale);
    fixture.deliver(&fixture.stripe.pay(&session)).await;
    fixture.deliver(&[expired]).await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone() {
    let fixture = Fixture::with_stripe().await;
    let session = |metadata: serde_json::Value| {
        json!({"id": "cs_live_other", "object": "checkout.session", "status": "complete", "payment_status": "paid",
               "amount_total": 900, "currency": "jpy", "payment_intent": "pi_other", "metadata": metadata})
    };
    let events = [
        (fixture.stripe.invent_event("checkout.session.completed", &session(json!({}))), "ignored_unknown"),
        (
            fixture
                .stripe
                .invent_event("checkout.session.completed", &session(json!({"app": "https://other.example"}))),
            "ignored_unknown",
        ),
        (
            fixture.stripe.invent_event(
                "refund.updated",
                &json!({"id": "re_x", "object": "refund", "amount": 1, "payment_intent": "pi_x"}),
            ),
            "ignored_unknown",
        ),
        (
            fixture.stripe.invent_event("customer.created", &json!({"id": "cus_1", "object": "customer"})),
            "ignored_type",
        ),
        (fixture.stripe.invent_event("charge.updated", &json!({"id": "ch_1", "object": "charge"})), "ignored_type"),
        (
            fixture.stripe.invent_event("checkout.session.completed", &json!({"id": 7, "object": "checkout.session"})),
            "unreadable",
        ),
    ];
    for (event, outcome) in &events {
        fixture.deliver(std::slice::from_ref(event)).await;
        fixture.app.drain().await;
        assert_eq!(fixture.outcome(event).await, *outcome, "{}", event.kind);
    }
    assert_eq!(fixture.stripe.refunds(), []);
    assert_eq!(fixture.findings().await, ["event_unreadable"]);
}

#[tokio::test]
async fn money_of_ours_that_we_lost_goes_back_and_is_reported() {
    let fixture = Fixture::with_stripe().await;
    let (_, payment, session) = fixture.order_at_stripe().await;
    let events = fixture.stripe.pay(&session);
    // A backup from before this payment was restored.
    fixture.app.execute("delete from public.payments").await;
    fixture.deliver(&events).await;
    fixture.deliver(&events).await;
    fixture.app.drain().await;
    assert_eq!(fixture.outcome(&events[0]).await, "refunded_unknown");
    let refunds = fixture.stripe.refunds();
    assert_eq!(refunds.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [1_200]);
    assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(fixture.debit("refunds_owed").await, 0);
    assert_eq!(fixture.findings().await, ["captured_without_payment"]);
}

#[tokio::test]
async fn another_amount_is_not_taken_for_the_price() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let object = json!({"id": session, "object": "checkout.session", "status": "complete", "payment_status": "paid",
                        "amount_total": 12, "currency": "jpy", "payment_intent": "pi_x", "metadata": {}});
    fixture.deliver(&[fixture.stripe.invent_event("checkout.session.completed", &object)]).await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Pending, vec![]));
    assert_eq!(fixture.findings().await, ["amount_differs"]);
}

#[tokio::test]
async fn an_event_whose_job_died_is_handled_after_all_and_old_bodies_are_dropped() {
    let fixture = Fixture::with_stripe().await;
    let (order, _, session) = fixture.order_at_stripe().await;
    let events = fixture.stripe.pay(&session);
    fixture.deliver(&events).await;
    fixture.app.execute("delete from public.jobs where name = 'payments.handle_event'").await;
    fixture.advance(Duration::minutes(16));
    fixture.app.upkeep().await;
    assert_eq!(fixture.outcome(&events[0]).await, "applied");
    assert_eq!(fixture.notices(order), ["settled"]);
    fixture.advance(Duration::days(31));
    fixture.app.upkeep().await;
    let kept: i64 = fixture.app.value("select count(*) from public.webhook_inbox where body is not null").await;
    assert_eq!((kept, inbox_rows(&fixture).await), (0, 2));
}
