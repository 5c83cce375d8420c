//! An operator edits a plan: whom that reaches, and when.

use kernel::{ImageCredits, Tokens};
use time::Duration;

use super::till::Till;
use crate::PlanCode;
use crate::plans::{self, PlanEdit};

const TERMS: &str = "select coalesce(history_days, 0) || ' days, ' || page_limit || ' pages' from public.user_settings
                      order by updated_at desc limit 1";
const TOKENS: &str = "select (sum(granted) / 1000)::bigint from public.credit_lots where unit = 'token'";

async fn edit(till: &Till, code: &str, tokens: i64, images: i64, history_days: Option<i32>, page_limit: i32) {
    let (ctx, mut tx) = (till.app.ctx(), till.app.tx().await);
    let edit = PlanEdit {
        code: PlanCode::from(code),
        tokens_month: Tokens::whole(tokens),
        image_credits_month: ImageCredits(images),
        history_days,
        page_limit,
        benefits_ja: vec!["いろいろ".to_owned()],
        benefits_en: vec!["This and that".to_owned()],
    };
    assert!(plans::edit(&ctx, &mut tx, &edit).await.unwrap());
    assert!(!plans::edit(&ctx, &mut tx, &edit).await.unwrap(), "the same again is no change");
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_reaches_a_subscriber_with_the_next_renewal_and_is_shown_before() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    till.pays_at_sandbox(&hana.client, "pro", "month", &hana.email).await;
    till.app.drain().await;
    let member = hana.client.clone().as_browser();
    assert!(!member.get("/admin/settings").await.expect(200).text().contains("次の更新から</"));
    edit(&till, "pro", 40_000, 150, Some(60), 8).await;
    // News of the provider within the period change nothing of what is paid for.
    hana.client.post("/api/billing/subscription/cancel", &serde_json::json!({})).await.expect(200);
    hana.client.post("/api/billing/subscription/resume", &serde_json::json!({})).await.expect(200);
    till.app.drain().await;
    assert_eq!(till.text(TERMS).await, "90 days, 10 pages");
    assert_eq!(till.number(TOKENS).await, 50_000);
    let shown = member.get("/admin/settings").await.expect(200).text();
    for words in ["90日間", "毎月 40,000 トークン", "画像 150 枚", "60日間", "ページ 8 つまで"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    till.presses("renew_now").await;
    assert_eq!(till.text(TERMS).await, "60 days, 8 pages");
    assert_eq!(till.number(TOKENS).await, 90_000);
    assert_eq!(till.number("select images_available from public.wallets").await, 3 + 150);
    assert!(!member.get("/admin/settings").await.expect(200).text().contains("毎月 40,000 トークン"));
    // Whoever keeps things learns how long they were kept before.
    let announced = "select count(*) from public.jobs where name = 'credits.plan_changed'
                   and payload -> 'keptBefore' ->> 'days' = '90' and payload ->> 'from' = 'pro'";
    assert_eq!(till.number(announced).await, 1);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_that_is_paid_keeps_what_it_was_paid_for() {
    let till = Till::open("sandbox").await;
    till.pays_at_sandbox(&till.app.anonymous(), "pro", "year", "yearly@example.com").await;
    till.app.drain().await;
    edit(&till, "pro", 10_000, 10, None, 99).await;
    for _ in 0..3 {
        till.advance(Duration::days(31));
        till.app.upkeep().await;
    }
    assert_eq!(till.number(TOKENS).await, 200_000, "four months of 50,000");
    assert_eq!(till.text(TERMS).await, "90 days, 10 pages");
    till.presses("renew_now").await;
    assert_eq!(till.text(TERMS).await, "0 days, 99 pages", "for ever");
    assert_eq!(till.number(TOKENS).await, 210_000);
    till.is_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_free_plan_has_no_renewal_and_follows_at_once() {
    let till = Till::open("sandbox").await;
    for name in ["はな", "けん", "みか"] {
        till.app.user(name).await;
    }
    edit(&till, "free", 0, 0, Some(5), 2).await;
    till.app.drain().await;
    let on_it = "select count(*) from public.user_settings where history_days = 5 and page_limit = 2";
    assert_eq!(till.number(on_it).await, 3);
    let announced = "select count(*) from public.jobs where name = 'credits.plan_changed' and payload -> 'keptBefore' ->> 'days' = '7'";
    assert_eq!(till.number(announced).await, 3, "what is kept for a shorter time goes after the notice");
    till.is_clean().await;
}
