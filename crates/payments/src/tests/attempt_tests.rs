//! Any number of attempts to pay one payment, at any provider: at most one is its capture.

use kernel::PaymentId;
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::payment_doubles::StripeDouble;
use time::Duration;

use super::fixture::Fixture;
use crate::error::PaymentError;
use crate::payment::model::PaymentStatus;
use crate::payment::open::find_for;
use crate::providers::code::ProviderCode;
use crate::providers::sandbox::handle::SandboxBehaviour;
use crate::purpose::Purpose;

/// Opens the sandbox's page of a payment and returns its path.
async fn sandbox_page(fixture: &Fixture, payment: PaymentId) -> String {
    let url = fixture.payments.redirect_url_at(&fixture.app.ctx(), payment, ProviderCode::Sandbox).await;
    url.unwrap().path().to_owned()
}

async fn submit(fixture: &Fixture, page: &str, outcome: &str) {
    fixture.buyer.client.clone().as_browser().post_form(page, &[("outcome", outcome)]).await.expect(303);
}

async fn mails(fixture: &Fixture) -> i64 {
    fixture.app.value("select count(*) from public.mails where dedupe_key like 'payment-%'").await
}

#[tokio::test]
async fn a_second_capture_goes_back_by_itself_and_is_reported() {
    let fixture = Fixture::open("stripe", &[("MACHIYA_OPERATOR_MAIL", "operator@example.jp")]).await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let page = sandbox_page(&fixture, payment).await;
    // Both pages are open, and both are paid before anybody hears of either.
    submit(&fixture, &page, "succeed").await;
    let paid = fixture.stripe.pay(&session);
    fixture.deliver(&paid).await;
    fixture.app.drain().await;
    fixture.deliver(&paid).await;
    fixture.app.drain().await;

    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    let captured = "select count(*) from public.payment_attempts where state = 'captured' and payment_id =";
    let of_payment: i64 = fixture.app.value(&format!("{captured} '{payment}'")).await;
    let of_others: i64 = fixture.app.value(&captured.replace("payment_id =", "payment_id <> opened_for")).await;
    assert_eq!((of_payment, of_others), (1, 1));
    let given_back: String = fixture
        .app
        .value("select string_agg(purpose || ' ' || status || ' ' || amount_jpy, ',') from public.payments where order_id is null")
        .await;
    assert_eq!(given_back, "unmatched refunded 1200");
    let reason: String = fixture.app.value("select string_agg(reason || ' ' || status, ',') from public.refunds").await;
    assert_eq!(reason, "duplicate succeeded");
    assert_eq!(fixture.debit("seller_pending").await, -960, "it was sold once");
    assert_eq!(fixture.debit("refunds_owed").await, 0);
    assert_eq!(mails(&fixture).await, 2, "the buyer and the operator");
    assert_eq!(fixture.findings().await, ["captured_twice"]);
}

#[tokio::test]
async fn the_other_page_is_closed_once_one_is_paid() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let page = sandbox_page(&fixture, payment).await;
    assert_eq!(sandbox_page(&fixture, payment).await, page, "one page at each provider");
    submit(&fixture, &page, "succeed").await;
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["settled"]);
    assert_eq!(fixture.stripe.sessions().iter().find(|one| one.id == session).unwrap().status, "expired");
    assert_eq!(fixture.attempt(payment, ProviderCode::Stripe, "state").await, "expired");
    let late = fixture.payments.redirect_url(&fixture.app.ctx(), payment).await;
    assert!(matches!(late, Err(PaymentError::AlreadyPaid)), "{late:?}");
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn one_attempt_that_ends_does_not_end_the_payment() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let page = sandbox_page(&fixture, payment).await;
    fixture.deliver(&fixture.stripe.expire(&session)).await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Pending, vec![]));
    submit(&fixture, &page, "konbini_later").await;
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::VoucherIssued);
    submit(&fixture, &page, "konbini_lapsed").await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Failed, vec!["lapsed"]));
}

#[tokio::test]
async fn a_voucher_is_a_state_of_its_own_and_is_withdrawn_when_the_buyer_pays_otherwise() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let page = sandbox_page(&fixture, payment).await;
    submit(&fixture, &page, "konbini_later").await;
    fixture.app.drain().await;
    let mut tx = fixture.app.state.db.begin_as(&fixture.buyer.ctx).await.unwrap();
    let view = find_for(&mut tx, Purpose::Order, order).await.unwrap().unwrap();
    drop(tx);
    assert_eq!((view.status, view.provider), (PaymentStatus::VoucherIssued, ProviderCode::Sandbox));
    let voucher = view.voucher.unwrap();
    assert!(voucher.url.ends_with(&page) && voucher.expires_at.is_some(), "{voucher:?}");
    assert_eq!(fixture.attempt(payment, ProviderCode::Sandbox, "state").await, "voucher_issued");

    fixture.deliver(&fixture.stripe.pay(&session)).await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(fixture.attempt(payment, ProviderCode::Sandbox, "state").await, "failed", "nobody pays the slip now");
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn another_amount_is_not_taken_for_the_price_and_goes_back() {
    let fixture = Fixture::open("stripe", &[("MACHIYA_OPERATOR_MAIL", "operator@example.jp")]).await;
    for amount in [900, 1_201] {
        let (order, payment, session) = fixture.order_at_stripe().await;
        let known = fixture.stripe.sessions().into_iter().find(|one| one.id == session).unwrap();
        fixture.stripe.pay(&session);
        let object = json!({
            "id": session, "object": "checkout.session", "status": "complete", "payment_status": "paid",
            "amount_total": amount, "currency": "jpy", "payment_intent": known.payment_intent_id, "metadata": known.metadata,
        });
        let event = fixture.stripe.invent_event("checkout.session.completed", &object);
        fixture.deliver(&[event.clone(), event]).await;
        fixture.app.drain().await;
        assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Failed, vec!["lapsed"]));
        let unmatched: i64 = fixture
            .app
            .value(&format!(
                "select count(*) from public.payments where purpose = 'unmatched' and amount_jpy = {amount}"
            ))
            .await;
        assert_eq!(unmatched, 1, "{amount}");
    }
    assert_eq!(fixture.stripe.refunds().iter().map(|refund| refund.amount).collect::<Vec<_>>(), [900]);
    assert_eq!(fixture.debit("seller_pending").await, 0);
    // More than the provider has cannot go back: an operator sees to it.
    assert_eq!(fixture.findings().await, ["amount_differs", "amount_differs", "refund_failed"]);
    assert_eq!(mails(&fixture).await, 5, "the buyer twice, the operator for each finding");
}

#[tokio::test]
async fn money_in_another_currency_is_reported_and_pays_nothing() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let object = json!({"id": session, "object": "checkout.session", "status": "complete", "payment_status": "paid",
                        "amount_total": 1200, "currency": "usd", "payment_intent": "pi_x", "metadata": {}});
    fixture.deliver(&[fixture.stripe.invent_event("checkout.session.completed", &object)]).await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Pending, vec![]));
    assert_eq!(fixture.findings().await, ["currency_differs"]);
}

#[tokio::test]
async fn an_unsigned_event_that_lies_changes_nothing() {
    let fixture = Fixture::with_sandbox_as(SandboxBehaviour { signs_events: false, ..Default::default() }).await;
    let (order, payment) = fixture.order().await;
    let page = sandbox_page(&fixture, payment).await;
    let session = page.rsplit('/').next().unwrap();
    let lie = |id: &str, session: &str| {
        json!({"id": id, "type": "checkout.session.completed", "data": {"object": {
            "id": session, "object": "checkout.session", "status": "complete", "payment_status": "paid",
            "amount_total": 1200, "currency": "jpy", "payment_intent": "pi_stolen",
            "metadata": {"installation": fixture.app.url, "payment_id": payment.to_string()},
        }}})
        .to_string()
    };
    for (id, session) in [("evt_1", session), ("evt_2", session), ("evt_3", "cs_sandbox_nobody")] {
        let body = lie(id, session);
        fixture.app.anonymous().post_bytes("/api/webhooks/sandbox", "application/json", body).await.expect(200);
        fixture.app.drain().await;
    }
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Pending, vec![]));
    let rows: String = fixture
        .app
        .value("select string_agg(event_id || ' ' || is_verified || ' ' || outcome, ',' order by id) from public.webhook_inbox")
        .await;
    assert_eq!(rows, "evt_1 false applied,evt_2 false applied", "a session of nobody leaves nothing behind");

    // The same hint, when it is true: the provider is asked and says so.
    submit(&fixture, &page, "succeed").await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(
        fixture.attempt(payment, ProviderCode::Sandbox, "provider_txn_id").await,
        session.replacen("cs_", "pi_", 1)
    );
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn an_event_for_a_provider_that_is_not_configured_is_not_found() {
    let fixture = Fixture::with_stripe().await;
    let (_, payment, session) = fixture.order_at_stripe().await;
    let event = fixture.stripe.pay(&session).remove(0);
    let now = fixture.app.ctx().now().unix_timestamp();
    let signature = StripeDouble::signature(StripeDouble::WEBHOOK_SECRET, now, event.body.as_bytes());
    for path in ["paypal", "paypay", "nobody", "STRIPE"] {
        let client = fixture.app.anonymous().with_header("stripe-signature", &signature);
        let answer = client.post_bytes(&format!("/api/webhooks/{path}"), "application/json", event.body.clone()).await;
        answer.expect_problem(404, "not_found");
    }
    // What Stripe has signed is nothing at the sandbox's webhook, by whatever header it comes.
    for header in ["stripe-signature", "sandbox-signature"] {
        let client = fixture.app.anonymous().with_header(header, &signature);
        client.post_bytes("/api/webhooks/sandbox", "application/json", event.body.clone()).await.expect(400);
    }
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Pending);
    assert_eq!(fixture.payments.checkout_providers(), [ProviderCode::Stripe, ProviderCode::Sandbox]);
    let (_, payment) = fixture.order().await;
    let nowhere = fixture.payments.redirect_url_at(&fixture.app.ctx(), payment, ProviderCode::PayPal).await;
    assert!(matches!(nowhere, Err(PaymentError::ProviderNotConfigured("paypal"))), "{nowhere:?}");
}

#[tokio::test]
async fn what_the_buyer_approves_is_captured_by_us() {
    let fixture = Fixture::with_sandbox_as(SandboxBehaviour { captures_at_once: false, ..Default::default() }).await;
    let (order, payment) = fixture.order().await;
    let page = sandbox_page(&fixture, payment).await;
    submit(&fixture, &page, "succeed").await;
    // The event arrives, and the job that is to capture dies.
    fixture.app.execute("update public.jobs set priority = 20 where name = 'payments.deliver_sandbox_event'").await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(fixture.attempt(payment, ProviderCode::Sandbox, "captured_jpy").await, "1200");
    assert_eq!(fixture.debit("payment_fee_expense").await, 43);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_capture_whose_event_or_job_is_lost_is_made_up_for() {
    let fixture = Fixture::with_sandbox_as(SandboxBehaviour { captures_at_once: false, ..Default::default() }).await;
    let (order, payment) = fixture.order().await;
    let page = sandbox_page(&fixture, payment).await;
    submit(&fixture, &page, "succeed").await;
    fixture.app.execute("delete from public.jobs where name = 'payments.deliver_sandbox_event'").await;
    for _ in 0..3 {
        fixture.advance(Duration::minutes(4));
        fixture.app.upkeep().await;
        fixture.app.execute("delete from public.jobs where name = 'payments.deliver_sandbox_event'").await;
    }
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_approved_after_the_payment_was_paid_is_withdrawn_and_never_taken() {
    let fixture = Fixture::with_sandbox_as(SandboxBehaviour { captures_at_once: false, ..Default::default() }).await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let page = sandbox_page(&fixture, payment).await;
    submit(&fixture, &page, "succeed").await;
    fixture.app.execute("delete from public.jobs where name = 'payments.deliver_sandbox_event'").await;
    fixture.deliver(&fixture.stripe.pay(&session)).await;
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    assert_eq!(fixture.attempt(payment, ProviderCode::Sandbox, "state").await, "expired");
    let paid: i64 =
        fixture.app.value("select count(*) from public.sandbox_sessions where payment_status = 'paid'").await;
    assert_eq!(paid, 0);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_database_itself_lets_no_attempt_move_backwards_and_captures_one() {
    let fixture = Fixture::with_stripe().await;
    let (_, payment, _) = fixture.paid_order().await;
    let refused = async |sql: &str| {
        let mut tx = fixture.app.tx().await;
        let outcome = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(tx.conn()).await;
        outcome
            .err()
            .and_then(|error| error.as_database_error().and_then(|inner| inner.code().map(|code| code.to_string())))
    };
    for (sql, code) in [
        ("update public.payment_attempts set state = 'open', checkout_url = 'https://x.example'", "MP001"),
        ("update public.payment_attempts set amount_jpy = 1", "MP001"),
        ("update public.payment_attempts set captured_jpy = 1", "MP001"),
        ("update public.payments set status = 'pending', captured_at = null", "MP001"),
    ] {
        assert_eq!(refused(sql).await.as_deref(), Some(code), "{sql}");
    }
    let second = format!(
        "insert into public.payment_attempts (id, payment_id, opened_for, provider_id, state, idempotency_key, amount_jpy,
           captured_jpy, captured_at, expires_at, created_at, updated_at)
         select gen_random_uuid(), '{payment}', '{payment}', 1, 'captured', 'x', 1200, 1200, now(), now(), now(), now()"
    );
    assert_eq!(refused(&second).await.as_deref(), Some("23505"), "one capture a payment");
}

/// Everything that may happen to one payment arrives in any order, some of it twice; the end is always the same.
async fn storm(order_of_events: &[usize]) {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_of_at_stripe(&[700, 500]).await;
    let mut events = fixture.stripe.decline(&session, "lost_card");
    events.extend(fixture.stripe.choose_konbini(&session));
    events.extend(fixture.stripe.konbini_paid(&session));
    events.extend(fixture.stripe.refund_at_console(&session, 100));
    events.extend(fixture.stripe.refund_at_console(&session, 100));
    let stale: Value = json!({"id": session, "object": "checkout.session", "status": "expired", "payment_status": "unpaid",
                              "amount_total": 1200, "currency": "jpy", "metadata": {}});
    events.push(fixture.stripe.invent_event("checkout.session.expired", &stale));
    for number in order_of_events {
        fixture.deliver(&[events[number % events.len()].clone()]).await;
        fixture.app.drain().await;
    }
    for event in &events {
        fixture.deliver(std::slice::from_ref(event)).await;
    }
    for _ in 0..5 {
        fixture.app.drain().await;
        fixture.advance(Duration::minutes(20));
        fixture.app.upkeep().await;
    }
    assert_eq!(fixture.status(payment).await, PaymentStatus::PartiallyRefunded, "{order_of_events:?}");
    assert_eq!(fixture.notices(order), ["settled", "refunded", "refunded"], "{order_of_events:?}");
    assert_eq!(fixture.debit("provider_clearing").await, 1_000 - 43, "{order_of_events:?}");
    assert_eq!(fixture.debit("seller_pending").await + fixture.debit("platform_revenue").await, -1_000);
    assert_eq!(fixture.findings().await, ["refund_attributed", "refund_attributed"], "{order_of_events:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    #[test]
    fn a_storm_of_events_in_any_order_ends_the_same(order in proptest::collection::vec(0_usize..7, 1..12)) {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(storm(&order));
    }
}
