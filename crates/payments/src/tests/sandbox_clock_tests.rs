//! The sandbox's pages for subscriptions: a year in a minute, in a browser without a script.

use kernel::Yen;
use testkit::Answer;
use time::Duration;

use super::fixture::Fixture;
use crate::subscriptions::snapshot::{InvoiceStatus, SubscriptionStatus};

async fn get(fixture: &Fixture, path: &str) -> Answer {
    fixture.app.anonymous().as_browser().get(path).await
}

async fn submit(fixture: &Fixture, path: &str, action: &str) -> Answer {
    fixture.app.anonymous().as_browser().post_form(path, &[("action", action)]).await
}

fn english(fixture: &Fixture) -> testkit::TestClient {
    fixture.app.anonymous().as_browser().with_header("accept-language", "en")
}

#[tokio::test]
async fn the_page_asks_for_an_address_and_leads_on() {
    let fixture = Fixture::with_sandbox().await;
    let opened = fixture.open_page(&fixture.new_checkout()).await.unwrap();
    let page = opened.url.path();
    let shown = get(&fixture, page).await.expect(200).text();
    for part in
        ["プロ", "¥9,800", "type=\"email\"", "value=\"succeed\"", "value=\"decline\"", "value=\"cancel\"", "毎月"]
    {
        assert!(shown.contains(part), "{part}");
    }
    let translated = english(&fixture).get(page).await.expect(200).text();
    assert!(translated.contains("Every month") && !translated.contains(">sandbox-") && !shown.contains(">sandbox-"));
    for email in ["", "hana", "hana@", "a b@example.jp"] {
        let client = fixture.app.anonymous().as_browser();
        let answer = client.post_form(page, &[("outcome", "succeed"), ("email", email)]).await.expect(422).text();
        assert!(answer.contains("メールアドレスの形をご確認ください"), "{email}");
        assert!(answer.contains(&format!("value=\"{email}\"")), "what was typed stays: {email}");
    }
    let declined = fixture.app.anonymous().as_browser().post_form(page, &[("outcome", "decline")]).await.expect(303);
    assert!(get(&fixture, declined.header("location")).await.expect(200).text().contains("カードが使えませんでした"));
    let back = fixture.app.anonymous().as_browser().post_form(page, &[("outcome", "cancel")]).await.expect(303);
    assert_eq!(back.header("location"), format!("{}/plans", fixture.app.url));
    fixture.app.drain().await;
    assert!(fixture.credits().begun.is_empty());
    let fields = [("outcome", "succeed"), ("email", "hana@example.jp")];
    let paid = fixture.app.anonymous().as_browser().post_form(page, &fields).await.expect(303);
    let welcome = format!("{}/welcome?session_id={}", fixture.app.url, opened.session_id);
    assert_eq!(paid.header("location"), welcome);
    fixture.app.drain().await;
    assert_eq!(fixture.credits().begun.len(), 1);
    let twice = fixture.app.anonymous().as_browser().post_form(page, &fields).await.expect(303);
    assert!(twice.header("location").ends_with("?note=too_late"));
    let done = get(&fixture, page).await.expect(200).text();
    assert!(done.contains("お申し込みが済みました") && done.contains("/sandbox/subscriptions/sub_sandbox_"));
}

#[tokio::test]
async fn an_address_that_is_known_is_not_asked_for() {
    let fixture = Fixture::with_sandbox().await;
    let mut new = fixture.new_checkout();
    new.email = Some("known@example.jp".to_owned());
    let opened = fixture.open_page(&new).await.unwrap();
    let shown = get(&fixture, opened.url.path()).await.expect(200).text();
    assert!(shown.contains("known@example.jp") && !shown.contains("type=\"email\""));
    fixture.pay_page(&opened.session_id, "another@example.jp").await;
    assert_eq!(fixture.credits().begun[0].email.as_deref(), Some("known@example.jp"));
}

#[tokio::test]
async fn a_year_passes_in_twelve_presses() {
    let fixture = Fixture::with_sandbox().await;
    let begun = fixture.subscribed().await.subscription;
    let page = format!("/sandbox/subscriptions/{}", begun.subscription_id);
    let shown = get(&fixture, &page).await.expect(200).text();
    for part in ["renew_now", "advance_month", "fail_card", "cancel_now", "invoice.paid", "プロ", "hana@example.jp"] {
        assert!(shown.contains(part), "{part}");
    }
    assert!(!shown.contains("repair_card") && !shown.contains("run_out") && !shown.contains(">sandbox-"));
    for _ in 0..12 {
        submit(&fixture, &page, "advance_month").await.expect(303);
        fixture.app.drain().await;
    }
    assert_eq!(fixture.collected().await, [9_800; 13]);
    let after = fixture.look(&begun.subscription_id).await;
    assert_eq!(
        (after.period_start.year(), after.period_start.month()),
        (begun.period_start.year() + 1, begun.period_start.month())
    );
    assert_eq!(after.period_start.day(), begun.period_start.day());
    let translated = english(&fixture).get(&page).await.expect(200).text();
    assert!(translated.contains("Let a month pass") && !translated.contains(">sandbox-"));
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_card_that_fails_for_long_ends_the_subscription() {
    let fixture = Fixture::with_sandbox().await;
    let begun = fixture.subscribed().await.subscription;
    let page = format!("/sandbox/subscriptions/{}", begun.subscription_id);
    let refused = submit(&fixture, &page, "run_out").await.expect(303);
    assert!(refused.header("location").ends_with("?note=too_late"), "nothing is due");
    submit(&fixture, &page, "fail_card").await.expect(303);
    submit(&fixture, &page, "renew_now").await.expect(303);
    fixture.app.drain().await;
    assert_eq!(fixture.look(&begun.subscription_id).await.status, SubscriptionStatus::PastDue);
    let shown = get(&fixture, &page).await.expect(200).text();
    assert!(shown.contains("repair_card") && shown.contains("run_out") && shown.contains("代金を受け取れていません"));
    // Three days later by its clock the sandbox tries again by itself.
    let invoice = fixture.newest_invoice(&fixture.look(&begun.subscription_id).await).await;
    assert_eq!(invoice.next_attempt_at.unwrap() - begun.period_end, Duration::days(3));
    submit(&fixture, &page, "run_out").await.expect(303);
    fixture.app.drain().await;
    let over = fixture.look(&begun.subscription_id).await;
    assert_eq!(over.status, SubscriptionStatus::Canceled);
    let invoice = fixture.newest_invoice(&over).await;
    assert_eq!((invoice.status, invoice.attempt_count), (InvoiceStatus::Open, 4));
    let failures =
        fixture.credits().invoiced.iter().filter(|notices| notices.invoice.status == InvoiceStatus::Open).count();
    assert!(failures >= 4);
    assert_eq!(fixture.credits().followed.last().unwrap().status, SubscriptionStatus::Canceled);
    let shown = get(&fixture, &page).await.expect(200).text();
    assert!(shown.contains("この契約は終わりました") && !shown.contains("value=\"renew_now\""));
    let late = submit(&fixture, &page, "renew_now").await.expect(303);
    assert!(late.header("location").ends_with("?note=too_late"));
    assert_eq!(fixture.collected().await, [9_800]);
}

#[tokio::test]
async fn time_itself_turns_the_clock_too() {
    let fixture = Fixture::with_sandbox().await;
    let begun = fixture.subscribed().await.subscription;
    fixture.advance(Duration::days(20));
    fixture.app.upkeep().await;
    assert_eq!(fixture.collected().await, [9_800]);
    for _ in 0..12 {
        fixture.advance(Duration::days(1));
        fixture.app.upkeep().await;
        fixture.app.drain().await;
    }
    assert_eq!(fixture.collected().await, [9_800, 9_800]);
    let renewed = fixture.look(&begun.subscription_id).await;
    assert_eq!(renewed.period_start, begun.period_end);
    // An installation that slept for months catches up, period by period.
    fixture.advance(Duration::days(70));
    fixture.app.upkeep().await;
    fixture.app.drain().await;
    assert_eq!(fixture.collected().await.len(), 4);
}

#[tokio::test]
async fn strangers_find_no_clock_and_no_way_out() {
    let fixture = Fixture::with_sandbox().await;
    let begun = fixture.subscribed().await.subscription;
    let page = format!("/sandbox/subscriptions/{}", begun.subscription_id);
    get(&fixture, "/sandbox/subscriptions/sub_sandbox_nothing").await.expect(404);
    get(&fixture, "/sandbox/checkout/cs_sandbox_sub_nothing").await.expect(404);
    submit(&fixture, "/sandbox/subscriptions/sub_sandbox_nothing", "renew_now").await.expect(404);
    submit(&fixture, &page, "everything").await.expect(400);
    let foreign = fixture.app.anonymous().with_header("origin", "https://elsewhere.example");
    foreign.post_form(&page, &[("action", "cancel_now")]).await.expect(403);
    for away in ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example"] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("return", away).finish();
        let shown = get(&fixture, &format!("{page}?{query}")).await.expect(200).text();
        for led in [format!("href=\"{away}"), format!("name=\"back\" value=\"{away}")] {
            assert!(!shown.contains(&led), "{away}");
        }
        assert!(shown.contains("name=\"back\" value=\"\""), "{away}");
    }
    assert_eq!(fixture.look(&begun.subscription_id).await.status, SubscriptionStatus::Active);
    assert_eq!(fixture.look(&begun.subscription_id).await.price, Yen(9_800));
}
