//! Subscriptions when things go wrong: order, duplicates, signatures, lost answers, lost events, strangers.

use std::collections::BTreeSet;

use futures::future::join_all;
use kernel::Yen;
use serde_json::Value;
use testkit::payment_doubles::{Fault, StripeDouble};
use time::Duration;

use super::fixture::Fixture;
use super::subscription_fixture::Act;
use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::state::Payments;
use crate::subscriptions::model::Proration;
use crate::subscriptions::snapshot::{InvoiceStatus, SubscriptionCheckout, SubscriptionStatus};

#[tokio::test]
async fn events_arrive_in_any_order() {
    let fixture = Fixture::with_stripe().await;
    for turn in 0..4 {
        let new = fixture.new_checkout();
        let opened = fixture.open_page(&new).await.unwrap();
        let mut events = fixture.stripe.subscribe(&opened.session_id, "hana@example.jp");
        let kinds: BTreeSet<String> = events.iter().map(|event| event.kind.clone()).collect();
        assert!(kinds.contains("invoice.paid") && kinds.contains("checkout.session.completed"), "{kinds:?}");
        let middle = turn % events.len();
        events.rotate_left(middle);
        events.reverse();
        for event in &events {
            // Each is handled before the next arrives: the invoice is paid long before anybody has heard of a checkout.
            fixture.deliver(std::slice::from_ref(event)).await;
            fixture.app.drain().await;
        }
        let begun: Vec<_> =
            fixture.credits().begun.iter().filter(|one| one.checkout_id == new.checkout_id).cloned().collect();
        assert_eq!(begun.len(), 1);
        let subscription_id = begun[0].subscription.subscription_id.clone();
        let credits = fixture.credits();
        let of_it = |id: &str| id == subscription_id;
        assert!(
            credits
                .followed
                .iter()
                .filter(|one| of_it(&one.subscription_id))
                .all(|one| { (one.status, one.checkout_id) == (SubscriptionStatus::Active, Some(new.checkout_id)) })
        );
        let paid = credits.invoiced.iter().filter(|one| of_it(&one.subscription.subscription_id));
        assert!(paid.clone().count() >= 2);
        assert!(paid.clone().all(|one| one.invoice.status == InvoiceStatus::Paid), "as it is now, whatever was told");
    }
    assert_eq!(fixture.collected().await, [9_800; 4]);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn fifty_duplicates_are_one_payment() {
    let fixture = Fixture::with_stripe().await;
    let opened = fixture.open_page(&fixture.new_checkout()).await.unwrap();
    let events = fixture.stripe.subscribe(&opened.session_id, "hana@example.jp");
    let webhook = fixture.webhook();
    let paid = events.iter().find(|event| event.kind == "invoice.paid").unwrap();
    // The very same event fifty times at once, and fifty other events about the same invoice.
    let answers = join_all((0..50).map(|_| fixture.stripe.deliver(&webhook, paid))).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap() == 200));
    let object: Value = serde_json::from_str::<Value>(&paid.body).unwrap()["data"]["object"].clone();
    let others: Vec<_> = (0..50).map(|_| fixture.stripe.invent_event("invoice.paid", &object)).collect();
    join_all(others.iter().map(|event| fixture.stripe.deliver(&webhook, event))).await;
    fixture.deliver(&events).await;
    fixture.app.drain().await;
    let rows: i64 =
        fixture.app.value("select count(*) from public.webhook_inbox where event_type = 'invoice.paid'").await;
    assert_eq!(rows, 51);
    assert_eq!(fixture.collected().await, [9_800]);
    assert_eq!(fixture.debit("deferred_credits").await, -9_800);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_begins_a_subscription_without_a_signature() {
    let fixture = Fixture::with_stripe().await;
    let opened = fixture.open_page(&fixture.new_checkout()).await.unwrap();
    let events = fixture.stripe.subscribe(&opened.session_id, "hana@example.jp");
    let event = events.iter().find(|event| event.kind == "checkout.session.completed").unwrap();
    let now = fixture.app.ctx().now().unix_timestamp();
    let sign = |secret: &str, at: i64| StripeDouble::signature(secret, at, event.body.as_bytes());
    for header in [
        None,
        Some(sign("whsec_wrong", now)),
        Some(sign(StripeDouble::WEBHOOK_SECRET, now - 301)),
        Some(sign(StripeDouble::WEBHOOK_SECRET, now + 301)),
        Some(StripeDouble::signature(StripeDouble::WEBHOOK_SECRET, now, b"{}")),
    ] {
        assert_eq!(
            fixture.stripe.post(&fixture.webhook(), &event.body, header.as_deref()).await.unwrap(),
            400,
            "{header:?}"
        );
    }
    fixture.app.drain().await;
    assert!(fixture.credits().begun.is_empty());
}

#[tokio::test]
async fn two_checkouts_at_once() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        // One checkout asked for eight times at once is one page.
        let new = fixture.new_checkout();
        let opened = join_all((0..8).map(|_| fixture.open_page(&new))).await;
        let pages: BTreeSet<String> = opened.into_iter().map(|one| one.unwrap().session_id).collect();
        assert_eq!(pages.len(), 1);
        // Two checkouts of one person are two pages; who pays both has two subscriptions, each with its own checkout.
        let (mut one, mut two) = (fixture.new_checkout(), fixture.new_checkout());
        (one.user_id, two.user_id) = (Some(fixture.buyer.id), Some(fixture.buyer.id));
        let (first, second) = tokio::join!(fixture.open_page(&one), fixture.open_page(&two));
        for session in [first.unwrap().session_id, second.unwrap().session_id] {
            fixture.pay_page(&session, "ken@example.jp").await;
        }
        let begun: BTreeSet<_> = fixture.credits().begun.iter().map(|notices| notices.checkout_id).collect();
        assert_eq!(begun, [one.checkout_id, two.checkout_id].into());
        assert_eq!(fixture.collected().await, [9_800, 9_800]);
    }
}

#[tokio::test]
async fn lost_answers_open_one_page_and_make_one_price() {
    let fixture = Fixture::with_stripe().await;
    fixture.stripe.fail_next("POST", "/v1/prices", Fault::BreakAfterSuccess, 1);
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 2);
    let new = fixture.new_checkout();
    let opened = fixture.open_page(&new).await.unwrap();
    assert_eq!((fixture.stripe.prices().len(), fixture.stripe.subscription_sessions().len()), (1, 1));
    let price = fixture.stripe.prices().remove(0);
    assert_eq!((price.lookup_key.as_deref(), price.unit_amount), (Some("machiya_pro_month_9800"), 9_800));
    // Three lost answers are more than one press can wait for; the next press finds the page.
    let new = fixture.new_checkout();
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 3);
    assert!(matches!(fixture.open_page(&new).await, Err(PaymentError::ProviderUnavailable(_))));
    fixture.open_page(&new).await.unwrap();
    assert_eq!(fixture.stripe.subscription_sessions().len(), 2);
    // A failure that Stripe keeps under the key: the next key opens a page, and the first leads nobody anywhere.
    let new = fixture.new_checkout();
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::ServerErrorAfterSuccess, 1);
    let page = fixture.open_page(&new).await.unwrap();
    assert_eq!(fixture.open_page(&new).await.unwrap(), page);
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::RateLimited { retry_after_seconds: 0 }, 2);
    fixture.stripe.fail_next("GET", "/v1/prices", Fault::Garbage, 1);
    let later = fixture.new_checkout();
    assert!(fixture.open_page(&later).await.is_err());
    fixture.open_page(&later).await.unwrap();
    assert_eq!(fixture.stripe.prices().len(), 1, "one price for all of them");
    assert_ne!(opened.session_id, page.session_id);
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_invoiced_once() {
    let fixture = Fixture::with_stripe().await;
    let id = fixture.subscribed().await.subscription.subscription_id;
    fixture.advance(Duration::days(3));
    for (fault, plan, times) in [
        (Fault::BreakAfterSuccess, ("business", 19_800), 3),
        (Fault::ServerErrorAfterSuccess, ("enterprise", 49_800), 1),
        (Fault::ServerError, ("ultimate", 99_800), 2),
    ] {
        let before = fixture.stripe.invoices().len();
        fixture.stripe.fail_next("POST", "/v1/subscriptions/", fault, times);
        let change = fixture.change(&id, plan, Proration::InvoiceNow);
        let mut changed = fixture.payments.change_plan(&change).await;
        if matches!(changed, Err(PaymentError::ProviderUnavailable(_))) {
            changed = fixture.payments.change_plan(&change).await;
        }
        assert_eq!(changed.unwrap().plan_code, plan.0, "{fault:?}");
        assert_eq!(fixture.stripe.invoices().len(), before + 1, "{fault:?}");
    }
    // The same for a downgrade and for the end.
    fixture.stripe.fail_next("POST", "/v1/subscription_schedules", Fault::ServerErrorAfterSuccess, 1);
    fixture.stripe.fail_next("POST", "/v1/subscription_schedules/", Fault::BreakAfterSuccess, 1);
    let change = fixture.change(&id, ("starter", 1_980), Proration::NextPeriod);
    assert_eq!(fixture.payments.change_plan(&change).await.unwrap().next.unwrap().plan_code, "starter");
    assert_eq!(fixture.stripe.schedules().len(), 1);
    fixture.stripe.fail_next("DELETE", "/v1/subscriptions/", Fault::ServerErrorAfterSuccess, 1);
    let ended = fixture.payments.cancel_now(ProviderCode::Stripe, &id, "end").await.unwrap();
    assert_eq!(ended.status, SubscriptionStatus::Canceled);
    fixture.fetch_all().await;
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn lost_events_are_made_up_for() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        let opened = fixture.open_page(&fixture.new_checkout()).await.unwrap();
        follow(&fixture, |payments| (payments.clone(), None, Some(opened.session_id.clone()))).await;
        assert!(
            fixture.credits().begun.is_empty() && fixture.credits().lapsed.is_empty(),
            "an open page is no notices"
        );
        lose_events(&fixture, async || {
            fixture.pay_page_unheard(&opened.session_id).await;
        })
        .await;
        follow(&fixture, |payments| (payments.clone(), None, Some(opened.session_id.clone()))).await;
        let subscription = fixture.credits().begun.last().unwrap().subscription.clone();
        assert_eq!(fixture.collected().await, [9_800]);
        lose_events(&fixture, async || {
            fixture.renew_unheard(&subscription.subscription_id).await;
            fixture.renew_unheard(&subscription.subscription_id).await;
        })
        .await;
        assert_eq!(fixture.collected().await, [9_800]);
        let id = subscription.subscription_id.clone();
        follow(&fixture, |payments| (payments.clone(), Some(id.clone()), None)).await;
        assert_eq!(fixture.collected().await, [9_800, 9_800, 9_800], "both periods, not only the last");
        assert!(fixture.credits().followed.last().unwrap().period_start > subscription.period_start);
        assert_eq!(fixture.findings().await, Vec::<String>::new());
    }
}

/// Has the reconciler's verb called, and what follows done.
async fn follow(fixture: &Fixture, which: impl Fn(&Payments) -> (Payments, Option<String>, Option<String>)) {
    let (payments, subscription, session) = which(&fixture.payments);
    let mut tx = fixture.app.tx().await;
    if let Some(id) = subscription {
        payments.follow_subscription(&fixture.app.ctx(), &mut tx, payments.default_provider(), &id).await.unwrap();
    }
    if let Some(id) = session {
        payments
            .follow_subscription_checkout(&fixture.app.ctx(), &mut tx, payments.default_provider(), &id)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    fixture.app.drain().await;
}

/// Lets something happen of which no event arrives.
async fn lose_events(fixture: &Fixture, act: impl AsyncFnOnce()) {
    act().await;
    fixture.app.execute("delete from public.jobs where name = 'payments.deliver_sandbox_event'").await;
    fixture.app.drain().await;
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone() {
    let fixture = Fixture::with_stripe().await;
    let begun = fixture.subscribed().await;
    let (before_begun, before_followed) = (fixture.credits().begun.len(), fixture.credits().followed.len());
    let id = &begun.subscription.subscription_id;
    fixture.stripe.forget_notes();
    for event in fixture.stripe.events() {
        let object: Value = serde_json::from_str::<Value>(&event.body).unwrap()["data"]["object"].clone();
        let again = fixture.stripe.invent_event(&event.kind, &object);
        fixture.deliver(std::slice::from_ref(&again)).await;
        fixture.app.drain().await;
        assert_eq!(fixture.outcome(&again).await, "ignored_unknown", "{}", again.kind);
    }
    assert_eq!((fixture.credits().begun.len(), fixture.credits().followed.len()), (before_begun, before_followed));
    assert!(matches!(fixture.payments.fetch_subscription(ProviderCode::Stripe, id).await, Err(PaymentError::NotFound)));
    let stolen = fixture.payments.fetch_subscription_checkout(ProviderCode::Stripe, &begun.session_id).await;
    assert!(matches!(stolen, Err(PaymentError::NotFound)), "{stolen:?}");
    for name in ["", "cs_test_nothing", "cs_sandbox_nothing", "../../etc", "cs_test_0 0", &"c".repeat(300)] {
        let nothing = fixture.payments.fetch_subscription_checkout(ProviderCode::Stripe, name).await;
        assert!(matches!(nothing, Err(PaymentError::NotFound)), "{name}");
    }
    // The checkout of an order is none of a subscription.
    let (_, _, session) = fixture.order_at_stripe().await;
    assert!(matches!(
        fixture.payments.fetch_subscription_checkout(ProviderCode::Stripe, &session).await,
        Err(PaymentError::NotFound)
    ));
    let gone = fixture.stripe.invent_event(
        "customer.subscription.updated",
        &serde_json::json!({
            "id": "sub_gone", "object": "subscription",
        }),
    );
    fixture.deliver(std::slice::from_ref(&gone)).await;
    fixture.app.drain().await;
    assert_eq!(fixture.outcome(&gone).await, "ignored_unknown");
}

#[tokio::test]
async fn a_page_that_ran_out_is_told_of() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        let new = fixture.new_checkout();
        let opened = fixture.open_page(&new).await.unwrap();
        fixture.advance(Duration::hours(25));
        fixture.stripe.expire_subscription_session(&opened.session_id);
        let state = fixture.payments.fetch_subscription_checkout(opened.provider, &opened.session_id).await.unwrap();
        assert_eq!(state, SubscriptionCheckout::Expired);
        fixture.fetch_all().await;
        assert_eq!(fixture.credits().lapsed, [new.checkout_id]);
    }
}

#[tokio::test]
async fn a_provider_that_is_down_changes_nothing() {
    let fixture = Fixture::with_stripe().await;
    let begun = fixture.subscribed().await.subscription;
    let events = fixture.stripe.renew(&begun.subscription_id);
    fixture.stripe.fail_next("GET", "/v1/subscriptions/", Fault::BreakBefore, 3);
    fixture.stripe.fail_next("GET", "/v1/invoices/", Fault::RateLimited { retry_after_seconds: 60 }, 1);
    fixture.deliver(&events).await;
    fixture.app.drain().await;
    // What could not be asked for stays in the inbox and is tried again.
    for _ in 0..4 {
        fixture.advance(Duration::minutes(10));
        fixture.app.upkeep().await;
    }
    assert_eq!(fixture.collected().await, [9_800, 9_800]);
    let waiting: i64 = fixture.app.value("select count(*) from public.webhook_inbox where handled_at is null").await;
    assert_eq!(waiting, 0);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_a_provider_would_refuse_is_refused_before() {
    let fixture = Fixture::with_stripe().await;
    let calls = fixture.stripe.requests().len();
    let wrong = |change: &dyn Fn(&mut crate::subscriptions::NewSubscriptionCheckout)| {
        let mut new = fixture.new_checkout();
        change(&mut new);
        new
    };
    for (field, new) in [
        ("plan_code", wrong(&|new| new.plan_code = "Pro Plan".to_owned())),
        ("plan_name", wrong(&|new| new.plan_name = " ".to_owned())),
        ("price", wrong(&|new| new.price = Yen(49))),
        ("email", wrong(&|new| new.email = Some("nobody".to_owned()))),
        ("success_url", wrong(&|new| new.success_url = "javascript:alert(1)".to_owned())),
        ("cancel_url", wrong(&|new| new.cancel_url = "/plans".to_owned())),
    ] {
        let refused = fixture.open_page(&new).await;
        assert!(matches!(refused, Err(PaymentError::InvalidRequest(named)) if named == field), "{field}: {refused:?}");
    }
    assert_eq!(fixture.stripe.requests().len(), calls);
    fixture.happen(&fixture.subscribed().await.subscription, Act::Renew).await;
}
