//! The sandbox's pages for subscriptions: a year in a minute, in a browser without a script.

use kernel::Yen;
use testkit::Answer;
use time::Duration;

use super::desk::Desk;
use crate::subscriptions::{InvoiceStatus, SubscriptionStatus};

async fn get(desk: &Desk, path: &str) -> Answer {
    desk.app.anonymous().as_browser().get(path).await
}

async fn press(desk: &Desk, path: &str, press: &str) -> Answer {
    desk.app.anonymous().as_browser().post_form(path, &[("press", press)]).await
}

fn english(desk: &Desk) -> testkit::TestClient {
    desk.app.anonymous().as_browser().with_header("accept-language", "en")
}

#[tokio::test]
async fn the_page_asks_for_an_address_and_leads_on() {
    let desk = Desk::with_sandbox().await;
    let opened = desk.open_page(&desk.new_checkout()).await.unwrap();
    let page = opened.url.path();
    let shown = get(&desk, page).await.expect(200).text();
    for part in
        ["プロ", "¥9,800", "type=\"email\"", "value=\"succeed\"", "value=\"decline\"", "value=\"cancel\"", "毎月"]
    {
        assert!(shown.contains(part), "{part}");
    }
    let translated = english(&desk).get(page).await.expect(200).text();
    assert!(translated.contains("Every month") && !translated.contains(">sandbox-") && !shown.contains(">sandbox-"));
    for email in ["", "hana", "hana@", "a b@example.jp"] {
        let client = desk.app.anonymous().as_browser();
        let answer = client.post_form(page, &[("outcome", "succeed"), ("email", email)]).await.expect(422).text();
        assert!(answer.contains("メールアドレスの形をご確認ください"), "{email}");
        assert!(answer.contains(&format!("value=\"{email}\"")), "what was typed stays: {email}");
    }
    let declined = desk.app.anonymous().as_browser().post_form(page, &[("outcome", "decline")]).await.expect(303);
    assert!(get(&desk, declined.header("location")).await.expect(200).text().contains("カードが使えませんでした"));
    let back = desk.app.anonymous().as_browser().post_form(page, &[("outcome", "cancel")]).await.expect(303);
    assert_eq!(back.header("location"), format!("{}/plans", desk.app.url));
    desk.app.drain().await;
    assert!(desk.credits().begun.is_empty());
    let fields = [("outcome", "succeed"), ("email", "hana@example.jp")];
    let paid = desk.app.anonymous().as_browser().post_form(page, &fields).await.expect(303);
    let welcome = format!("{}/welcome?session_id={}", desk.app.url, opened.session_id);
    assert_eq!(paid.header("location"), welcome);
    desk.app.drain().await;
    assert_eq!(desk.credits().begun.len(), 1);
    let twice = desk.app.anonymous().as_browser().post_form(page, &fields).await.expect(303);
    assert!(twice.header("location").ends_with("?note=too_late"));
    let done = get(&desk, page).await.expect(200).text();
    assert!(done.contains("お申し込みが済みました") && done.contains("/sandbox/subscriptions/sub_sandbox_"));
}

#[tokio::test]
async fn an_address_that_is_known_is_not_asked_for() {
    let desk = Desk::with_sandbox().await;
    let mut new = desk.new_checkout();
    new.email = Some("known@example.jp".to_owned());
    let opened = desk.open_page(&new).await.unwrap();
    let shown = get(&desk, opened.url.path()).await.expect(200).text();
    assert!(shown.contains("known@example.jp") && !shown.contains("type=\"email\""));
    desk.pay_page(&opened.session_id, "another@example.jp").await;
    assert_eq!(desk.credits().begun[0].email.as_deref(), Some("known@example.jp"));
}

#[tokio::test]
async fn a_year_passes_in_twelve_presses() {
    let desk = Desk::with_sandbox().await;
    let begun = desk.subscribed().await.subscription;
    let page = format!("/sandbox/subscriptions/{}", begun.subscription_id);
    let shown = get(&desk, &page).await.expect(200).text();
    for part in ["renew_now", "advance_month", "fail_card", "cancel_now", "invoice.paid", "プロ", "hana@example.jp"] {
        assert!(shown.contains(part), "{part}");
    }
    assert!(!shown.contains("repair_card") && !shown.contains("run_out") && !shown.contains(">sandbox-"));
    for _ in 0..12 {
        press(&desk, &page, "advance_month").await.expect(303);
        desk.app.drain().await;
    }
    assert_eq!(desk.collected().await, [9_800; 13]);
    let after = desk.look(&begun.subscription_id).await;
    assert_eq!(
        (after.period_start.year(), after.period_start.month()),
        (begun.period_start.year() + 1, begun.period_start.month())
    );
    assert_eq!(after.period_start.day(), begun.period_start.day());
    let translated = english(&desk).get(&page).await.expect(200).text();
    assert!(translated.contains("Let a month pass") && !translated.contains(">sandbox-"));
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_card_that_fails_for_long_ends_the_subscription() {
    let desk = Desk::with_sandbox().await;
    let begun = desk.subscribed().await.subscription;
    let page = format!("/sandbox/subscriptions/{}", begun.subscription_id);
    let refused = press(&desk, &page, "run_out").await.expect(303);
    assert!(refused.header("location").ends_with("?note=too_late"), "nothing is due");
    press(&desk, &page, "fail_card").await.expect(303);
    press(&desk, &page, "renew_now").await.expect(303);
    desk.app.drain().await;
    assert_eq!(desk.look(&begun.subscription_id).await.status, SubscriptionStatus::PastDue);
    let shown = get(&desk, &page).await.expect(200).text();
    assert!(shown.contains("repair_card") && shown.contains("run_out") && shown.contains("代金を受け取れていません"));
    // Three days later by its clock the sandbox tries again by itself.
    let invoice = desk.newest_invoice(&desk.look(&begun.subscription_id).await).await;
    assert_eq!(invoice.next_attempt_at.unwrap() - begun.period_end, Duration::days(3));
    press(&desk, &page, "run_out").await.expect(303);
    desk.app.drain().await;
    let over = desk.look(&begun.subscription_id).await;
    assert_eq!(over.status, SubscriptionStatus::Canceled);
    let invoice = desk.newest_invoice(&over).await;
    assert_eq!((invoice.status, invoice.attempt_count), (InvoiceStatus::Open, 4));
    let failures = desk.credits().invoiced.iter().filter(|news| news.invoice.status == InvoiceStatus::Open).count();
    assert!(failures >= 4);
    assert_eq!(desk.credits().followed.last().unwrap().status, SubscriptionStatus::Canceled);
    let shown = get(&desk, &page).await.expect(200).text();
    assert!(shown.contains("この契約は終わりました") && !shown.contains("value=\"renew_now\""));
    let late = press(&desk, &page, "renew_now").await.expect(303);
    assert!(late.header("location").ends_with("?note=too_late"));
    assert_eq!(desk.collected().await, [9_800]);
}

#[tokio::test]
async fn time_itself_turns_the_clock_too() {
    let desk = Desk::with_sandbox().await;
    let begun = desk.subscribed().await.subscription;
    desk.advance(Duration::days(20));
    desk.app.upkeep().await;
    assert_eq!(desk.collected().await, [9_800]);
    for _ in 0..12 {
        desk.advance(Duration::days(1));
        desk.app.upkeep().await;
        desk.app.drain().await;
    }
    assert_eq!(desk.collected().await, [9_800, 9_800]);
    let renewed = desk.look(&begun.subscription_id).await;
    assert_eq!(renewed.period_start, begun.period_end);
    // A house that slept for months catches up, period by period.
    desk.advance(Duration::days(70));
    desk.app.upkeep().await;
    desk.app.drain().await;
    assert_eq!(desk.collected().await.len(), 4);
}

#[tokio::test]
async fn strangers_find_no_clock_and_no_way_out() {
    let desk = Desk::with_sandbox().await;
    let begun = desk.subscribed().await.subscription;
    let page = format!("/sandbox/subscriptions/{}", begun.subscription_id);
    get(&desk, "/sandbox/subscriptions/sub_sandbox_nothing").await.expect(404);
    get(&desk, "/sandbox/checkout/cs_sandbox_sub_nothing").await.expect(404);
    press(&desk, "/sandbox/subscriptions/sub_sandbox_nothing", "renew_now").await.expect(404);
    press(&desk, &page, "everything").await.expect(400);
    let foreign = desk.app.anonymous().with_header("origin", "https://elsewhere.example");
    foreign.post_form(&page, &[("press", "cancel_now")]).await.expect(403);
    for away in ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example"] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("return", away).finish();
        let shown = get(&desk, &format!("{page}?{query}")).await.expect(200).text();
        for led in [format!("href=\"{away}"), format!("name=\"back\" value=\"{away}")] {
            assert!(!shown.contains(&led), "{away}");
        }
        assert!(shown.contains("name=\"back\" value=\"\""), "{away}");
    }
    assert_eq!(desk.look(&begun.subscription_id).await.status, SubscriptionStatus::Active);
    assert_eq!(desk.look(&begun.subscription_id).await.price, Yen(9_800));
}
