//! A year of subscription on the sandbox, and a yearly plan month by month.

use time::Duration;

use super::till::Till;

#[tokio::test(flavor = "multi_thread")]
async fn twelve_renewals_give_twelve_times() {
    let till = Till::open("sandbox").await;
    till.pays_at_sandbox(&till.app.anonymous(), "business", "month", "year@example.com").await;
    till.app.drain().await;
    for _ in 0..12 {
        till.presses("advance_month").await;
    }
    assert_eq!(till.number("select count(*) from public.subscription_invoices where status = 'paid'").await, 13);
    assert_eq!(till.number("select tokens_granted / 1000 from public.wallets").await, 13 * 100_000);
    assert_eq!(till.number("select images_granted from public.wallets").await, 13 * 1_000 + 3);
    // Of image credits only the present month's and the gift of the beginning are left.
    assert_eq!(till.number("select images_available from public.wallets").await, 1_003);
    let grants = "select count(*) from public.credit_transactions where type = 'plan_grant' and unit = 'token'";
    assert_eq!(till.number(grants).await, 13);
    let end: i64 = till
        .number(
            "select (s.period_end = b.current_period_end)::int::bigint from public.subscriptions s
           join public.sandbox_subscriptions b on b.id = s.provider_subscription_id",
        )
        .await;
    assert_eq!(end, 1, "the period is the provider's own");
    let receipts = "select -sum(e.debit_jpy)::bigint from public.ledger_entries e
        join public.ledger_transfers t on t.id = e.transfer_id and t.kind = 'receipt'
        join public.ledger_accounts a on a.id = e.account_id and a.kind = 'deferred_credits'";
    assert_eq!(till.number(receipts).await, 13 * 19_800);
    let tax_invoices = "select count(*) from public.tax_invoices where total_jpy = 19800 and tax_jpy = 1800";
    assert_eq!(till.number(tax_invoices).await, 13, "every payment has its tax invoice");
    let lots = "select sum(paid_yen)::bigint from public.credit_lots";
    assert_eq!(till.number(lots).await, 13 * 19_800);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_paid_at_once_gives_month_by_month() {
    let till = Till::open("sandbox").await;
    till.pays_at_sandbox(&till.app.anonymous(), "pro", "year", "yearly@example.com").await;
    till.app.drain().await;
    assert_eq!(till.number("select tokens_granted / 1000 from public.wallets").await, 50_000);
    for month in 2..=12 {
        till.advance(Duration::days(31));
        till.app.upkeep().await;
        // Twice is once.
        till.app.upkeep().await;
        assert_eq!(till.number("select tokens_granted / 1000 from public.wallets").await, month * 50_000);
        assert_eq!(till.number("select images_available from public.wallets").await, 203, "month {month}");
    }
    assert_eq!(till.number("select sum(paid_yen)::bigint from public.credit_lots").await, 98_000);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_better_plan_comes_at_once_and_a_smaller_one_with_the_next_period() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    till.pays_at_sandbox(&hana.client, "starter", "month", &hana.email).await;
    till.app.drain().await;
    // A fifth of the period (30 days) later.
    till.advance(Duration::days(6));
    let change = |plan: &str| serde_json::json!({"planId": plan});
    let path = "/api/billing/subscription/change";
    let answer = hana.client.post(path, &change("pro")).await.expect(200).json();
    assert_eq!(answer["effect"], "now");
    till.app.drain().await;
    assert_eq!(till.number("select tokens_available / 1000 from public.wallets").await, 40_000);
    assert_eq!(till.number("select images_available from public.wallets").await, 3 + 50 + 120);
    // ¥9,800 and ¥1,980, four fifths of each.
    assert_eq!(till.number("select amount_yen from public.subscription_invoices where reason = 'update'").await, 6_256);
    hana.client.post(path, &change("pro")).await.expect_problem(409, "subscription_unchanged");
    hana.client.post(path, &change("free")).await.expect_problem(422, "invalid_input");

    let answer = hana.client.post(path, &change("starter")).await.expect(200).json();
    assert_eq!(answer["effect"], "next_period");
    let shown = hana.client.get("/api/billing/subscription").await.expect(200).json();
    assert_eq!((&shown["planId"], &shown["next"]["planId"]), (&"pro".into(), &"starter".into()));
    let answer = hana.client.post(path, &change("pro")).await.expect(200).json();
    assert_eq!(answer["effect"], "withdrawn");
    hana.client.post(path, &change("starter")).await.expect(200);
    till.presses("renew_now").await;
    assert_eq!(till.text("select plan from public.user_settings").await, "starter");
    assert_eq!(till.number("select images_available from public.wallets").await, 3 + 50);
    assert_eq!(till.number("select tokens_available / 1000 from public.wallets").await, 40_000);
    till.is_clean().await;
}
