//! What goes wrong on the way: events twice, fifty times, in the other order, late; mail servers that are down.

use futures::future::join_all;
use time::Duration;

use super::till::Till;

const ACTIVE: &str = "select count(*) from public.subscriptions where status = 'active'";

#[tokio::test(flavor = "multi_thread")]
async fn fifty_times_the_same_webhooks_are_one_effect() {
    let till = Till::open("stripe").await;
    let url = till.asks(&till.app.anonymous(), "pro", "month").await;
    let events = till.stripe.subscribe(&Till::session_of(&url), "often@example.com");
    join_all((0..50).map(|_| till.deliver(&events))).await;
    till.app.drain().await;
    let renewal = till.stripe.renew(&till.stripe.subscriptions()[0].id);
    join_all((0..50).map(|_| till.deliver(&renewal))).await;
    till.app.drain().await;
    assert_eq!(till.number("select tokens_granted / 1000 from public.wallets").await, 100_000);
    assert_eq!(till.number("select count(*) from public.payments").await, 2);
    assert_eq!(till.number("select count(*) from public.mails").await, 1);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_of_events_ends_alike() {
    for turn in 0..3 {
        let till = Till::open("stripe").await;
        let url = till.asks(&till.app.anonymous(), "pro", "month").await;
        let mut events = till.stripe.subscribe(&Till::session_of(&url), "order@example.com");
        match turn {
            0 => events.reverse(),
            1 => events.sort_by_key(|event| event.kind != "invoice.paid"),
            // The checkout's own event comes only after the first renewal.
            _ => {
                events.sort_by_key(|event| event.kind.starts_with("checkout."));
                let late = events.pop().unwrap();
                events.extend(till.stripe.renew(&till.stripe.subscriptions()[0].id));
                events.push(late);
            }
        }
        for event in events {
            till.deliver(&[event]).await;
            till.app.drain().await;
        }
        let periods = if turn == 2 { 2 } else { 1 };
        assert_eq!(till.number("select tokens_granted / 1000 from public.wallets").await, periods * 50_000, "{turn}");
        assert_eq!(till.number(ACTIVE).await, 1, "{turn}");
        till.is_clean().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_checkouts_at_once_one_is_a_plan_and_the_other_goes_back() {
    let till = Till::open("stripe").await;
    let mut events = Vec::new();
    for plan in ["pro", "business"] {
        let url = till.asks(&till.app.anonymous(), plan, "month").await;
        events.extend(till.stripe.subscribe(&Till::session_of(&url), "twice@example.com"));
    }
    join_all(events.iter().map(|event| till.deliver(std::slice::from_ref(event)))).await;
    // Several workers at once, as in an installation with two machines.
    let workers: Vec<_> = (0..3).map(|_| till.app.another_worker()).collect();
    join_all(workers.iter().map(|worker| worker.drain())).await;
    till.app.drain().await;
    assert_eq!(till.number("select count(*) from public.user_profiles").await, 1);
    assert_eq!(till.number(ACTIVE).await, 1);
    assert_eq!(till.number("select count(*) from public.subscriptions where status = 'given_back'").await, 1);
    let left: Vec<_> = till.stripe.subscriptions().into_iter().filter(|one| one.status == "active").collect();
    assert_eq!(left.len(), 1);
    assert_eq!(till.number("select count(*) from public.refunds").await, 1);
    let paid_for = till.text("select plan from public.subscriptions where status = 'active'").await;
    assert_eq!(till.text("select plan from public.user_settings").await, paid_for);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_deleted_while_an_invoice_is_open_asks_for_no_more_money() {
    let till = Till::open("stripe").await;
    let url = till.asks(&till.app.anonymous(), "pro", "month").await;
    till.deliver(&till.stripe.subscribe(&Till::session_of(&url), "deleted@example.com")).await;
    till.app.drain().await;
    let subscription = till.stripe.subscriptions()[0].clone();
    till.stripe.set_card(&subscription.customer_id, false);
    till.advance(Duration::days(31));
    let mut events = till.stripe.renew(&subscription.id);
    events.extend(till.stripe.end_subscription(&subscription.id));
    events.reverse();
    till.deliver(&events).await;
    till.app.drain().await;
    assert_eq!(till.text("select plan || ' ' || dunning_state from public.user_settings").await, "free active");
    let statuses: Vec<String> = till.stripe.invoices().iter().map(|invoice| invoice.status.to_owned()).collect();
    assert_eq!(statuses, ["paid", "void"]);
    assert_eq!(till.number("select tokens_granted / 1000 from public.wallets").await, 50_000);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_down_for_an_hour_delays_mail_and_nothing_else() {
    // Nobody listens on this port.
    let till = Till::open_with("sandbox", &[("MACHIYA_SMTP_URL", "smtp://127.0.0.1:9")]).await;
    let session = till.pays_at_sandbox(&till.app.anonymous(), "pro", "month", "mail@example.com").await;
    till.app.drain().await;
    assert_eq!(till.completion(&session).await["state"], "ready");
    for _ in 0..6 {
        till.advance(Duration::minutes(10));
        till.app.upkeep().await;
    }
    let waiting = "select count(*) from public.mails m join public.jobs j on j.payload ->> 'mail_id' = m.id::text
                    where m.state = 'queued' and j.state = 'queued' and j.attempts > 1";
    assert_eq!(till.number(waiting).await, 1);
    assert_eq!(till.number(ACTIVE).await, 1);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_address_that_is_none_is_no_account_and_the_money_goes_back() {
    let till = Till::open("stripe").await;
    // A Cyrillic letter that looks like a Latin one.
    for (number, email) in ["h\u{430}na@example.com", "a\r\nBcc: x@example.com"].into_iter().enumerate() {
        let url = till.asks(&till.app.anonymous(), "pro", "month").await;
        till.deliver(&till.stripe.subscribe(&Till::session_of(&url), email)).await;
        till.app.drain().await;
        assert_eq!(till.completion(&Till::session_of(&url)).await["state"], "given_back", "{email:?}");
        let refunds = till.number("select count(*) from public.refunds where amount_jpy = 9800").await;
        assert_eq!(refunds, i64::try_from(number).unwrap() + 1);
    }
    assert_eq!(till.number("select count(*) from public.user_profiles").await, 0);
    assert_eq!(till.number("select count(*) from public.mails").await, 0);
    assert!(till.stripe.subscriptions().iter().all(|one| one.status == "canceled"));
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_by_a_month_and_back_changes_nothing_that_was_paid_for() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    till.pays_at_sandbox(&hana.client, "pro", "month", &hana.email).await;
    till.app.drain().await;
    // A month ahead: the provider of the same installation renews, and the image credits of the first month end.
    till.advance(Duration::days(32));
    for _ in 0..3 {
        till.app.upkeep().await;
    }
    let invoices = "select count(*) from public.subscription_invoices where status = 'paid'";
    assert_eq!(till.number(invoices).await, 2);
    till.is_clean().await;
    // And back: recurring work goes on, and what the provider says now is heard, although a later word is known.
    till.advance(Duration::days(-32));
    till.is_clean().await;
    let ctx = till.app.ctx();
    for ends in [true, false, true] {
        crate::subscriptions::set_end(&till.billing, &ctx, hana.id, ends).await.unwrap();
        let ending = "select count(*) from public.subscriptions where cancel_at_period_end";
        assert_eq!(till.number(ending).await, i64::from(ends));
        till.app.upkeep().await;
    }
    // A month before it all began, and home again.
    till.advance(Duration::days(-31));
    till.is_clean().await;
    till.advance(Duration::days(31));
    till.is_clean().await;
    assert_eq!(till.number("select tokens_granted / 1000 from public.wallets").await, 100_000);
    assert_eq!(till.number(invoices).await, 2);
    let ran = "select count(*) from public.job_schedules s where s.next_run_at > timestamptz '2026-11-21 12:00Z' + interval '2 days'";
    assert_eq!(till.number(ran).await, 0, "no recurring work waits for the month to come again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_changed_between_display_and_press_is_told_and_not_charged() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    let member = hana.client.clone().as_browser();
    let plan = "/plans/confirm?plan=pro&period=month";
    let pack = "/admin/settings/packs/1";
    assert!(member.get(plan).await.expect(200).text().contains("¥9,800"));
    assert!(member.get(pack).await.expect(200).text().contains("¥5,000"));
    till.app
        .execute(
            "update public.subscription_plans set price_month_yen = 12000 where code = 'pro';
             update public.credit_packs set price_yen = 6000 where id = 1",
        )
        .await;
    let form = [("plan", "pro"), ("period", "month"), ("price", "9800")];
    assert_eq!(member.post_form("/plans/confirm", &form).await.header("location"), plan);
    assert_eq!(member.post_form(pack, &[("price", "5000")]).await.header("location"), pack);
    let begun =
        "select (select count(*) from public.subscription_checkouts) + (select count(*) from public.pack_purchases)";
    assert_eq!(till.number(begun).await, 0);
    // At the price that is shown now, both go on; what was begun at a price is paid at that price.
    assert!(member.get(plan).await.expect(200).text().contains("¥12,000"));
    let form = [("plan", "pro"), ("period", "month"), ("price", "12000")];
    let to_pay = member.post_form("/plans/confirm", &form).await.header("location").to_owned();
    till.app.execute("update public.subscription_plans set price_month_yen = 15000 where code = 'pro'").await;
    till.app.anonymous().as_browser().post_form(&to_pay, &[("outcome", "succeed")]).await.expect(303);
    till.app.drain().await;
    assert_eq!(till.number("select amount_yen from public.subscription_invoices").await, 12_000);
    till.is_clean().await;
}
