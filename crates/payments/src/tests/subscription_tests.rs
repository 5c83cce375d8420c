//! The whole life of a subscription, at each provider.

use kernel::Yen;
use time::Duration;

use super::fixture::Fixture;
use super::subscription_fixture::Act;
use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::subscriptions::model::{BillingPeriod, Proration};
use crate::subscriptions::snapshot::{
    BillingReason, CheckoutPayment, InvoiceStatus, PlanTerms, SubscriptionCheckout, SubscriptionSnapshot,
    SubscriptionStatus,
};

#[tokio::test]
async fn a_subscription_lives_its_whole_life_at_stripe() {
    whole_life(Fixture::with_stripe().await).await;
}

#[tokio::test]
async fn a_subscription_lives_its_whole_life_at_the_sandbox() {
    whole_life(Fixture::with_sandbox().await).await;
}

async fn whole_life(fixture: Fixture) {
    let begun = begins(&fixture).await;
    let id = begun.subscription_id.clone();
    let upgraded = is_upgraded(&fixture, &id).await;
    let renewed = is_renewed(&fixture, &upgraded).await;
    is_downgraded_at_period_end(&fixture, &renewed).await;
    misses_a_payment_and_recovers(&fixture, &id).await;
    is_cancelled_resumed_and_ends(&fixture, &id).await;
    let total: i64 = fixture.collected().await.iter().sum();
    assert_eq!(fixture.debit("deferred_credits").await, -total, "every yen is owed as credits until it is used");
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

async fn begins(fixture: &Fixture) -> SubscriptionSnapshot {
    let new = fixture.new_checkout();
    let opened = fixture.open_page(&new).await.unwrap();
    assert_eq!(fixture.open_page(&new).await.unwrap(), opened, "the same id gives the same page");
    assert_eq!(
        fixture.payments.fetch_subscription_checkout(opened.provider, &opened.session_id).await.unwrap(),
        SubscriptionCheckout::Open
    );
    fixture.pay_page(&opened.session_id, " hana@example.jp ").await;
    let begun = fixture.credits().begun.clone();
    let completed = begun.first().unwrap();
    assert!(begun.iter().all(|one| one.checkout_id == new.checkout_id));
    assert_eq!(completed.email.as_deref(), Some("hana@example.jp"));
    assert_eq!(
        (completed.session_id.as_str(), completed.payment_status),
        (opened.session_id.as_str(), CheckoutPayment::Paid)
    );
    let subscription = &completed.subscription;
    assert_eq!(
        (subscription.status, subscription.plan_code.as_str(), subscription.period, subscription.price),
        (SubscriptionStatus::Active, "pro", BillingPeriod::Month, Yen(9_800))
    );
    assert_eq!(subscription.checkout_id, Some(new.checkout_id));
    assert!((28..=31).contains(&(subscription.period_end - subscription.period_start).whole_days()));
    let invoice = completed.invoice.as_ref().unwrap();
    assert_eq!(
        (invoice.billing_reason, invoice.status, invoice.amount_paid),
        (BillingReason::SubscriptionCreate, InvoiceStatus::Paid, Yen(9_800))
    );
    assert!(invoice.payment_intent_id.is_some() && invoice.paid_at.is_some());
    let line = &invoice.lines[0];
    assert_eq!(
        (line.plan_code.as_deref(), line.period, line.is_proration),
        (Some("pro"), Some(BillingPeriod::Month), false)
    );
    assert_eq!((line.period_start, line.period_end), (subscription.period_start, subscription.period_end));
    assert!(matches!(fixture.open_page(&new).await, Ok(_) | Err(PaymentError::AlreadyPaid)));
    assert_eq!(fixture.collected().await, [9_800]);
    subscription.clone()
}

async fn is_upgraded(fixture: &Fixture, id: &str) -> SubscriptionSnapshot {
    fixture.advance(Duration::days(10));
    let change = fixture.change(id, ("business", 19_800), Proration::InvoiceNow);
    let upgraded = fixture.payments.change_plan(&change).await.unwrap();
    assert_eq!(
        fixture.payments.change_plan(&change).await.unwrap().latest_invoice_id,
        upgraded.latest_invoice_id,
        "once"
    );
    fixture.fetch_all().await;
    assert_eq!((upgraded.plan_code.as_str(), upgraded.price, upgraded.next.clone()), ("business", Yen(19_800), None));
    let invoice = fixture.newest_invoice(&upgraded).await;
    assert_eq!((invoice.billing_reason, invoice.status), (BillingReason::SubscriptionUpdate, InvoiceStatus::Paid));
    let plans: Vec<_> = invoice.lines.iter().map(|line| (line.plan_code.as_deref(), line.is_proration)).collect();
    assert_eq!(plans, [(Some("pro"), true), (Some("business"), true)]);
    assert!(invoice.lines[0].amount < Yen::ZERO);
    assert_eq!(invoice.lines.iter().map(|line| line.amount).sum::<Yen>(), invoice.amount_paid);
    let days = (upgraded.period_end - upgraded.period_start).whole_days();
    let expected = 10_000 * (days - 10) / days;
    assert!((invoice.amount_paid.get() - expected).abs() <= 1, "{} of {expected}", invoice.amount_paid);
    assert!(fixture.credits().invoiced.iter().any(|notices| notices.invoice.invoice_id == invoice.invoice_id));
    upgraded
}

async fn is_renewed(fixture: &Fixture, before: &SubscriptionSnapshot) -> SubscriptionSnapshot {
    let mut last = before.clone();
    for _ in 0..2 {
        fixture.happen(before, Act::Renew).await;
        let next = fixture.look(&before.subscription_id).await;
        assert_eq!((next.period_start, next.status), (last.period_end, SubscriptionStatus::Active));
        let notices = fixture.credits().invoiced.last().unwrap().clone();
        assert_eq!(
            (notices.invoice.billing_reason, notices.invoice.status, notices.invoice.amount_paid),
            (BillingReason::SubscriptionCycle, InvoiceStatus::Paid, Yen(19_800))
        );
        assert_eq!(notices.invoice.lines[0].period_end, next.period_end, "the period by the provider's own figures");
        last = next;
    }
    assert_eq!(fixture.collected().await.len(), 4);
    last
}

async fn is_downgraded_at_period_end(fixture: &Fixture, before: &SubscriptionSnapshot) {
    let id = &before.subscription_id;
    let change = fixture.change(id, ("starter", 1_980), Proration::NextPeriod);
    let waiting = fixture.payments.change_plan(&change).await.unwrap();
    let starter = PlanTerms { plan_code: "starter".to_owned(), period: BillingPeriod::Month, price: Yen(1_980) };
    assert_eq!((waiting.plan_code.as_str(), waiting.next.as_ref()), ("business", Some(&starter)));
    assert_eq!(waiting.latest_invoice_id, before.latest_invoice_id, "nothing is invoiced before");
    // Thought better of, and back again.
    let stay = fixture.change(id, ("business", 19_800), Proration::NextPeriod);
    assert_eq!(fixture.payments.change_plan(&stay).await.unwrap().next, None);
    let again = fixture.change(id, ("starter", 1_980), Proration::NextPeriod);
    assert_eq!(fixture.payments.change_plan(&again).await.unwrap().next, Some(starter));
    fixture.happen(before, Act::Renew).await;
    let after = fixture.look(id).await;
    assert_eq!((after.plan_code.as_str(), after.price, after.next.clone()), ("starter", Yen(1_980), None));
    assert_eq!(fixture.newest_invoice(&after).await.amount_paid, Yen(1_980));
}

async fn misses_a_payment_and_recovers(fixture: &Fixture, id: &str) {
    let before = fixture.look(id).await;
    fixture.happen(&before, Act::FailCard).await;
    let refused = fixture.payments.change_plan(&fixture.change(id, ("pro", 9_800), Proration::InvoiceNow)).await;
    assert!(matches!(refused, Err(PaymentError::Declined(_))), "{refused:?}");
    assert_eq!(fixture.look(id).await.plan_code, "starter", "what cannot be collected changes nothing");
    fixture.happen(&before, Act::Renew).await;
    let missed = fixture.look(id).await;
    assert_eq!(missed.status, SubscriptionStatus::PastDue);
    let invoice = fixture.newest_invoice(&missed).await;
    assert_eq!((invoice.status, invoice.amount_paid, invoice.attempt_count), (InvoiceStatus::Open, Yen::ZERO, 1));
    assert!(invoice.next_attempt_at.is_some());
    let noticed = fixture.credits().invoiced.last().unwrap().invoice.clone();
    assert_eq!((noticed.invoice_id, noticed.status), (invoice.invoice_id, InvoiceStatus::Open));
    let count = fixture.collected().await.len();
    fixture.happen(&missed, Act::RepairCard).await;
    assert_eq!(fixture.look(id).await.status, SubscriptionStatus::Active);
    assert_eq!(fixture.newest_invoice(&missed).await.status, InvoiceStatus::Paid);
    assert_eq!(fixture.collected().await.len(), count + 1);
}

async fn is_cancelled_resumed_and_ends(fixture: &Fixture, id: &str) {
    for (number, cancel) in [true, false, true].into_iter().enumerate() {
        let key = format!("cancel:{number}");
        let seen = fixture
            .payments
            .set_cancel_at_period_end(fixture.payments.default_provider(), id, cancel, &key)
            .await
            .unwrap();
        assert_eq!((seen.cancel_at_period_end, seen.status), (cancel, SubscriptionStatus::Active));
    }
    let ending = fixture.look(id).await;
    fixture.happen(&ending, Act::Renew).await;
    let over = fixture.look(id).await;
    assert_eq!(over.status, SubscriptionStatus::Canceled);
    assert!(over.canceled_at.is_some());
    assert_eq!(fixture.credits().followed.last().unwrap().status, SubscriptionStatus::Canceled);
    let late =
        fixture.payments.set_cancel_at_period_end(fixture.payments.default_provider(), id, false, "cancel:9").await;
    assert!(matches!(late, Err(PaymentError::SubscriptionOver)), "{late:?}");
    let late = fixture.payments.change_plan(&fixture.change(id, ("pro", 9_800), Proration::NextPeriod)).await;
    assert!(matches!(late, Err(PaymentError::SubscriptionOver)), "{late:?}");
}

#[tokio::test]
async fn the_end_of_a_subscription_withdraws_what_is_open_when_we_end_it() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        let subscription = fixture.subscribed().await.subscription;
        fixture.happen(&subscription, Act::FailCard).await;
        fixture.happen(&subscription, Act::Renew).await;
        let ended =
            fixture.payments.cancel_now(subscription.provider, &subscription.subscription_id, "end:1").await.unwrap();
        assert_eq!(ended.status, SubscriptionStatus::Canceled);
        let again =
            fixture.payments.cancel_now(subscription.provider, &subscription.subscription_id, "end:1").await.unwrap();
        assert_eq!(again.status, SubscriptionStatus::Canceled);
        fixture.fetch_all().await;
        assert_eq!(fixture.newest_invoice(&ended).await.status, InvoiceStatus::Void);
        assert_eq!(fixture.credits().invoiced.last().unwrap().invoice.status, InvoiceStatus::Void);
        assert_eq!(fixture.collected().await, [9_800]);
        assert_eq!(fixture.findings().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_subscription_may_be_deleted_while_an_invoice_is_open() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        let subscription = fixture.subscribed().await.subscription;
        fixture.happen(&subscription, Act::FailCard).await;
        fixture.happen(&subscription, Act::Renew).await;
        fixture.happen(&subscription, Act::EndThere).await;
        let over = fixture.look(&subscription.subscription_id).await;
        assert_eq!(over.status, SubscriptionStatus::Canceled);
        let invoice = fixture.newest_invoice(&over).await;
        assert_eq!((invoice.status, invoice.next_attempt_at), (InvoiceStatus::Open, None));
        let notices = fixture.credits().followed.last().unwrap().clone();
        assert_eq!((notices.status, notices.subscription_id), (SubscriptionStatus::Canceled, over.subscription_id));
        assert_eq!(fixture.collected().await, [9_800], "nothing was collected of what is open");
        assert_eq!(fixture.findings().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn who_pays_is_known_by_then_and_the_portal_leads_to_the_card() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        let first = fixture.subscribed().await;
        let notes = [("user_id".to_owned(), fixture.buyer.id.to_string())].into();
        fixture.payments.note_customer(first.provider, &first.customer_id, &notes).await.unwrap();
        let missing = fixture.payments.note_customer(first.provider, "cus_nobody", &notes).await;
        assert!(matches!(missing, Err(PaymentError::NotFound | PaymentError::ProviderUnavailable(_))), "{missing:?}");
        let home = url::Url::parse(&format!("{}/admin/settings", fixture.app.url)).unwrap();
        let portal = fixture.payments.portal_url(first.provider, &first.customer_id, &home).await.unwrap();
        if fixture.payments.default_provider() == ProviderCode::Sandbox {
            let path = format!("{}?{}", portal.path(), portal.query().unwrap());
            let page = fixture.app.anonymous().as_browser().get(&path).await.expect(200).text();
            assert!(page.contains("href=\"/admin/settings\""));
        } else {
            assert_eq!(portal.host_str(), Some("billing.stripe.com"));
            assert_eq!(fixture.stripe.customers()[0].metadata["user_id"], fixture.buyer.id.to_string());
        }
        // The same customer subscribes again, at the same provider, without being asked for an address.
        let mut again = fixture.new_checkout();
        again.customer = Some((first.provider, first.customer_id.clone()));
        again.email = Some("ignored@example.jp".to_owned());
        again.user_id = Some(fixture.buyer.id);
        let opened = fixture.open_page(&again).await.unwrap();
        fixture.pay_page(&opened.session_id, "").await;
        let second = fixture.credits().begun.last().unwrap().clone();
        assert_eq!((second.customer_id, second.email), (first.customer_id, Some("hana@example.jp".to_owned())));
    }
}

#[tokio::test]
async fn a_year_is_a_year_and_another_period_begins_anew() {
    for fixture in [Fixture::with_stripe().await, Fixture::with_sandbox().await] {
        let month = fixture.subscribed().await.subscription;
        fixture.advance(Duration::days(15));
        let mut change = fixture.change(&month.subscription_id, ("pro", 98_000), Proration::InvoiceNow);
        change.period = BillingPeriod::Year;
        let year = fixture.payments.change_plan(&change).await.unwrap();
        assert_eq!((year.period, year.price), (BillingPeriod::Year, Yen(98_000)));
        assert!((365..=366).contains(&(year.period_end - year.period_start).whole_days()));
        assert!(year.period_start > month.period_start);
        let invoice = fixture.newest_invoice(&year).await;
        assert_eq!(invoice.lines[1].amount, Yen(98_000));
        assert!(invoice.amount_paid < Yen(98_000), "the unused half month is given back");
        fixture.fetch_all().await;
        assert_eq!(fixture.findings().await, Vec::<String>::new());
    }
}
