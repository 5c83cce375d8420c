//! Subscriptions when things go wrong: order, duplicates, signatures, lost answers, lost events, strangers.

use std::collections::BTreeSet;

use futures::future::join_all;
use kernel::Yen;
use serde_json::Value;
use testkit::payment_doubles::{Fault, StripeDouble};
use time::Duration;

use super::desk::Desk;
use super::subscription_desk::Act;
use crate::subscriptions::{InvoiceStatus, Proration, SubscriptionCheckout, SubscriptionStatus};
use crate::{PaymentError, Payments};

#[tokio::test]
async fn events_arrive_in_any_order() {
    let desk = Desk::with_stripe().await;
    for turn in 0..4 {
        let new = desk.new_checkout();
        let opened = desk.open_page(&new).await.unwrap();
        let mut events = desk.stripe.subscribe(&opened.session_id, "hana@example.jp");
        let kinds: BTreeSet<String> = events.iter().map(|event| event.kind.clone()).collect();
        assert!(kinds.contains("invoice.paid") && kinds.contains("checkout.session.completed"), "{kinds:?}");
        let middle = turn % events.len();
        events.rotate_left(middle);
        events.reverse();
        for event in &events {
            // Each is handled before the next arrives: the invoice is paid long before anybody has heard of a checkout.
            desk.deliver(std::slice::from_ref(event)).await;
            desk.app.drain().await;
        }
        let begun: Vec<_> =
            desk.credits().begun.iter().filter(|one| one.checkout_id == new.checkout_id).cloned().collect();
        assert_eq!(begun.len(), 1);
        let subscription_id = begun[0].subscription.subscription_id.clone();
        let credits = desk.credits();
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
    assert_eq!(desk.collected().await, [9_800; 4]);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn fifty_duplicates_are_one_payment() {
    let desk = Desk::with_stripe().await;
    let opened = desk.open_page(&desk.new_checkout()).await.unwrap();
    let events = desk.stripe.subscribe(&opened.session_id, "hana@example.jp");
    let webhook = desk.webhook();
    let paid = events.iter().find(|event| event.kind == "invoice.paid").unwrap();
    // The very same event fifty times at once, and fifty other events about the same invoice.
    let answers = join_all((0..50).map(|_| desk.stripe.deliver(&webhook, paid))).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap() == 200));
    let object: Value = serde_json::from_str::<Value>(&paid.body).unwrap()["data"]["object"].clone();
    let others: Vec<_> = (0..50).map(|_| desk.stripe.invent_event("invoice.paid", &object)).collect();
    join_all(others.iter().map(|event| desk.stripe.deliver(&webhook, event))).await;
    desk.deliver(&events).await;
    desk.app.drain().await;
    let rows: i64 = desk.app.value("select count(*) from public.webhook_inbox where event_type = 'invoice.paid'").await;
    assert_eq!(rows, 51);
    assert_eq!(desk.collected().await, [9_800]);
    assert_eq!(desk.debit("deferred_credits").await, -9_800);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_begins_a_subscription_without_a_signature() {
    let desk = Desk::with_stripe().await;
    let opened = desk.open_page(&desk.new_checkout()).await.unwrap();
    let events = desk.stripe.subscribe(&opened.session_id, "hana@example.jp");
    let event = events.iter().find(|event| event.kind == "checkout.session.completed").unwrap();
    let now = desk.app.ctx().now().unix_timestamp();
    let sign = |secret: &str, at: i64| StripeDouble::signature(secret, at, event.body.as_bytes());
    for header in [
        None,
        Some(sign("whsec_wrong", now)),
        Some(sign(StripeDouble::WEBHOOK_SECRET, now - 301)),
        Some(sign(StripeDouble::WEBHOOK_SECRET, now + 301)),
        Some(StripeDouble::signature(StripeDouble::WEBHOOK_SECRET, now, b"{}")),
    ] {
        assert_eq!(desk.stripe.post(&desk.webhook(), &event.body, header.as_deref()).await.unwrap(), 400, "{header:?}");
    }
    desk.app.drain().await;
    assert!(desk.credits().begun.is_empty());
}

#[tokio::test]
async fn two_checkouts_at_once() {
    for desk in [Desk::with_stripe().await, Desk::with_sandbox().await] {
        // One checkout asked for eight times at once is one page.
        let new = desk.new_checkout();
        let opened = join_all((0..8).map(|_| desk.open_page(&new))).await;
        let pages: BTreeSet<String> = opened.into_iter().map(|one| one.unwrap().session_id).collect();
        assert_eq!(pages.len(), 1);
        // Two checkouts of one person are two pages; who pays both has two subscriptions, each with its own checkout.
        let (mut one, mut two) = (desk.new_checkout(), desk.new_checkout());
        (one.user_id, two.user_id) = (Some(desk.buyer.id), Some(desk.buyer.id));
        let (first, second) = tokio::join!(desk.open_page(&one), desk.open_page(&two));
        for session in [first.unwrap().session_id, second.unwrap().session_id] {
            desk.pay_page(&session, "ken@example.jp").await;
        }
        let begun: BTreeSet<_> = desk.credits().begun.iter().map(|news| news.checkout_id).collect();
        assert_eq!(begun, [one.checkout_id, two.checkout_id].into());
        assert_eq!(desk.collected().await, [9_800, 9_800]);
    }
}

#[tokio::test]
async fn lost_answers_open_one_page_and_make_one_price() {
    let desk = Desk::with_stripe().await;
    desk.stripe.fail_next("POST", "/v1/prices", Fault::BreakAfterSuccess, 1);
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 2);
    let new = desk.new_checkout();
    let opened = desk.open_page(&new).await.unwrap();
    assert_eq!((desk.stripe.prices().len(), desk.stripe.subscription_sessions().len()), (1, 1));
    let price = desk.stripe.prices().remove(0);
    assert_eq!((price.lookup_key.as_deref(), price.unit_amount), (Some("machiya_pro_month_9800"), 9_800));
    // Three lost answers are more than one press can wait for; the next press finds the page.
    let new = desk.new_checkout();
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 3);
    assert!(matches!(desk.open_page(&new).await, Err(PaymentError::ProviderUnavailable(_))));
    desk.open_page(&new).await.unwrap();
    assert_eq!(desk.stripe.subscription_sessions().len(), 2);
    // A failure that Stripe keeps under the key: the next key opens a page, and the first leads nobody anywhere.
    let new = desk.new_checkout();
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::ServerErrorAfterSuccess, 1);
    let page = desk.open_page(&new).await.unwrap();
    assert_eq!(desk.open_page(&new).await.unwrap(), page);
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::RateLimited { retry_after_seconds: 0 }, 2);
    desk.stripe.fail_next("GET", "/v1/prices", Fault::Garbage, 1);
    let later = desk.new_checkout();
    assert!(desk.open_page(&later).await.is_err());
    desk.open_page(&later).await.unwrap();
    assert_eq!(desk.stripe.prices().len(), 1, "one price for all of them");
    assert_ne!(opened.session_id, page.session_id);
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_invoiced_once() {
    let desk = Desk::with_stripe().await;
    let id = desk.subscribed().await.subscription.subscription_id;
    desk.advance(Duration::days(3));
    for (fault, plan, times) in [
        (Fault::BreakAfterSuccess, ("business", 19_800), 3),
        (Fault::ServerErrorAfterSuccess, ("enterprise", 49_800), 1),
        (Fault::ServerError, ("ultimate", 99_800), 2),
    ] {
        let before = desk.stripe.invoices().len();
        desk.stripe.fail_next("POST", "/v1/subscriptions/", fault, times);
        let change = desk.change(&id, plan, Proration::InvoiceNow);
        let mut changed = desk.payments.change_plan(&change).await;
        if matches!(changed, Err(PaymentError::ProviderUnavailable(_))) {
            changed = desk.payments.change_plan(&change).await;
        }
        assert_eq!(changed.unwrap().plan_code, plan.0, "{fault:?}");
        assert_eq!(desk.stripe.invoices().len(), before + 1, "{fault:?}");
    }
    // The same for a downgrade and for the end.
    desk.stripe.fail_next("POST", "/v1/subscription_schedules", Fault::ServerErrorAfterSuccess, 1);
    desk.stripe.fail_next("POST", "/v1/subscription_schedules/", Fault::BreakAfterSuccess, 1);
    let change = desk.change(&id, ("starter", 1_980), Proration::NextPeriod);
    assert_eq!(desk.payments.change_plan(&change).await.unwrap().next.unwrap().plan_code, "starter");
    assert_eq!(desk.stripe.schedules().len(), 1);
    desk.stripe.fail_next("DELETE", "/v1/subscriptions/", Fault::ServerErrorAfterSuccess, 1);
    let ended = desk.payments.cancel_now(&id, "end").await.unwrap();
    assert_eq!(ended.status, SubscriptionStatus::Canceled);
    desk.hear_all().await;
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn lost_events_are_made_up_for() {
    for desk in [Desk::with_stripe().await, Desk::with_sandbox().await] {
        let opened = desk.open_page(&desk.new_checkout()).await.unwrap();
        follow(&desk, |payments| (payments.clone(), None, Some(opened.session_id.clone()))).await;
        assert!(desk.credits().begun.is_empty() && desk.credits().lapsed.is_empty(), "an open page is no news");
        lose_events(&desk, async || {
            desk.pay_page_unheard(&opened.session_id).await;
        })
        .await;
        follow(&desk, |payments| (payments.clone(), None, Some(opened.session_id.clone()))).await;
        let subscription = desk.credits().begun.last().unwrap().subscription.clone();
        assert_eq!(desk.collected().await, [9_800]);
        lose_events(&desk, async || {
            desk.renew_unheard(&subscription.subscription_id).await;
            desk.renew_unheard(&subscription.subscription_id).await;
        })
        .await;
        assert_eq!(desk.collected().await, [9_800]);
        let id = subscription.subscription_id.clone();
        follow(&desk, |payments| (payments.clone(), Some(id.clone()), None)).await;
        assert_eq!(desk.collected().await, [9_800, 9_800, 9_800], "both periods, not only the last");
        assert!(desk.credits().followed.last().unwrap().period_start > subscription.period_start);
        assert_eq!(desk.findings().await, Vec::<String>::new());
    }
}

/// Has the reconciler's verb called, and what follows done.
async fn follow(desk: &Desk, which: impl Fn(&Payments) -> (Payments, Option<String>, Option<String>)) {
    let (payments, subscription, session) = which(&desk.payments);
    let mut tx = desk.app.tx().await;
    if let Some(id) = subscription {
        payments.follow_subscription(&desk.app.ctx(), &mut tx, &id).await.unwrap();
    }
    if let Some(id) = session {
        payments.follow_subscription_checkout(&desk.app.ctx(), &mut tx, &id).await.unwrap();
    }
    tx.commit().await.unwrap();
    desk.app.drain().await;
}

/// Lets something happen of which no event arrives.
async fn lose_events(desk: &Desk, act: impl AsyncFnOnce()) {
    act().await;
    desk.app.execute("delete from public.jobs where name = 'payments.deliver_sandbox_event'").await;
    desk.app.drain().await;
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone() {
    let desk = Desk::with_stripe().await;
    let begun = desk.subscribed().await;
    let (before_begun, before_followed) = (desk.credits().begun.len(), desk.credits().followed.len());
    let id = &begun.subscription.subscription_id;
    desk.stripe.forget_notes();
    for event in desk.stripe.events() {
        let object: Value = serde_json::from_str::<Value>(&event.body).unwrap()["data"]["object"].clone();
        let again = desk.stripe.invent_event(&event.kind, &object);
        desk.deliver(std::slice::from_ref(&again)).await;
        desk.app.drain().await;
        assert_eq!(desk.outcome(&again).await, "ignored_unknown", "{}", again.kind);
    }
    assert_eq!((desk.credits().begun.len(), desk.credits().followed.len()), (before_begun, before_followed));
    assert!(matches!(desk.payments.fetch_subscription(id).await, Err(PaymentError::NotFound)));
    let stolen = desk.payments.fetch_subscription_checkout(&begun.session_id).await;
    assert!(matches!(stolen, Err(PaymentError::NotFound)), "{stolen:?}");
    for name in ["", "cs_test_nothing", "cs_sandbox_nothing", "../../etc", "cs_test_0 0", &"c".repeat(300)] {
        let nothing = desk.payments.fetch_subscription_checkout(name).await;
        assert!(matches!(nothing, Err(PaymentError::NotFound)), "{name}");
    }
    // The checkout of an order is none of a subscription.
    let (_, _, session) = desk.order_at_stripe().await;
    assert!(matches!(desk.payments.fetch_subscription_checkout(&session).await, Err(PaymentError::NotFound)));
    let gone = desk.stripe.invent_event(
        "customer.subscription.updated",
        &serde_json::json!({
            "id": "sub_gone", "object": "subscription",
        }),
    );
    desk.deliver(std::slice::from_ref(&gone)).await;
    desk.app.drain().await;
    assert_eq!(desk.outcome(&gone).await, "ignored_unknown");
}

#[tokio::test]
async fn a_page_that_ran_out_is_told_of() {
    for desk in [Desk::with_stripe().await, Desk::with_sandbox().await] {
        let new = desk.new_checkout();
        let opened = desk.open_page(&new).await.unwrap();
        desk.advance(Duration::hours(25));
        desk.stripe.expire_subscription_session(&opened.session_id);
        let state = desk.payments.fetch_subscription_checkout(&opened.session_id).await.unwrap();
        assert_eq!(state, SubscriptionCheckout::Expired);
        desk.hear_all().await;
        assert_eq!(desk.credits().lapsed, [new.checkout_id]);
    }
}

#[tokio::test]
async fn a_provider_that_is_down_changes_nothing() {
    let desk = Desk::with_stripe().await;
    let begun = desk.subscribed().await.subscription;
    let events = desk.stripe.renew(&begun.subscription_id);
    desk.stripe.fail_next("GET", "/v1/subscriptions/", Fault::BreakBefore, 3);
    desk.stripe.fail_next("GET", "/v1/invoices/", Fault::RateLimited { retry_after_seconds: 60 }, 1);
    desk.deliver(&events).await;
    desk.app.drain().await;
    // What could not be asked for stays in the inbox and is tried again.
    for _ in 0..4 {
        desk.advance(Duration::minutes(10));
        desk.app.upkeep().await;
    }
    assert_eq!(desk.collected().await, [9_800, 9_800]);
    let waiting: i64 = desk.app.value("select count(*) from public.webhook_inbox where handled_at is null").await;
    assert_eq!(waiting, 0);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_a_provider_would_refuse_is_refused_before() {
    let desk = Desk::with_stripe().await;
    let calls = desk.stripe.requests().len();
    let wrong = |change: &dyn Fn(&mut crate::subscriptions::NewSubscriptionCheckout)| {
        let mut new = desk.new_checkout();
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
        let refused = desk.open_page(&new).await;
        assert!(matches!(refused, Err(PaymentError::InvalidRequest(named)) if named == field), "{field}: {refused:?}");
    }
    assert_eq!(desk.stripe.requests().len(), calls);
    desk.happen(&desk.subscribed().await.subscription, Act::Renew).await;
}
