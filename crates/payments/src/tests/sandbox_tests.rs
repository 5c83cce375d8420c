//! The sandbox: its page, and its events through the webhook.

use kernel::PaymentId;
use testkit::Answer;
use time::Duration;

use super::fixture::Fixture;
use crate::payment::model::PaymentStatus;

async fn page_of(fixture: &Fixture, payment: PaymentId) -> String {
    fixture.payments.redirect_url(&fixture.app.ctx(), payment).await.unwrap().path().to_owned()
}

async fn submit(fixture: &Fixture, page: &str, outcome: &str) -> Answer {
    fixture.buyer.client.clone().as_browser().post_form(page, &[("outcome", outcome)]).await
}

#[tokio::test]
async fn paying_on_the_page_settles_the_order_by_http() {
    let fixture = Fixture::with_sandbox().await;
    let (order, payment) = fixture.order().await;
    let page = page_of(&fixture, payment).await;
    let shown = fixture.buyer.client.clone().as_browser().get(&page).await.expect(200).text();
    for part in ["藍染のワンピース", "¥1,200", "value=\"succeed\"", "value=\"decline\"", "value=\"konbini_later\""]
    {
        assert!(shown.contains(part), "{part}");
    }
    assert!(!shown.contains("sandbox-") || !shown.contains(">sandbox-"), "every word is translated");
    let answer = submit(&fixture, &page, "succeed").await.expect(303);
    assert_eq!(answer.header("location"), format!("{}/orders?paid=1", fixture.app.url));
    assert_eq!(fixture.status(payment).await, PaymentStatus::Pending, "only the event says so");
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
    let delivered: i64 = fixture
        .app
        .value("select count(*) from public.sandbox_events where delivered_at is not null and last_status = 200")
        .await;
    assert_eq!(delivered, 2);
    assert_eq!(fixture.debit("payment_fee_expense").await, 43);
    // Submitted again, on a page that was left open.
    let again = submit(&fixture, &page, "succeed").await.expect(303);
    assert!(again.header("location").ends_with("?note=too_late"));
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["settled"]);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn decline_keeps_the_page_open_and_cancel_leads_back() {
    let fixture = Fixture::with_sandbox().await;
    let (order, payment) = fixture.order().await;
    let page = page_of(&fixture, payment).await;
    let declined = submit(&fixture, &page, "decline").await.expect(303).header("location").to_owned();
    let english = fixture.buyer.client.clone().as_browser().with_header("accept-language", "en");
    let shown = fixture.buyer.client.clone().as_browser().get(&declined).await.expect(200).text();
    assert!(shown.contains("カードが使えませんでした"));
    drop(english);
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Pending, vec![]));
    let back = submit(&fixture, &page, "cancel").await.expect(303);
    assert_eq!(back.header("location"), format!("{}/gallery", fixture.app.url));
    submit(&fixture, &page, "succeed").await.expect(303);
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["settled"]);
}

#[tokio::test]
async fn a_slip_waits_for_a_second_press() {
    let fixture = Fixture::with_sandbox().await;
    let (paid_order, paid) = fixture.order().await;
    let (never_order, never) = fixture.order().await;
    let (paid_page, never_page) = (page_of(&fixture, paid).await, page_of(&fixture, never).await);
    for page in [&paid_page, &never_page] {
        submit(&fixture, page, "konbini_later").await.expect(303);
    }
    fixture.app.drain().await;
    assert_eq!(fixture.status(paid).await, PaymentStatus::VoucherIssued);
    let shown = fixture.buyer.client.clone().as_browser().get(&paid_page).await.expect(200).text();
    assert!(shown.contains("value=\"konbini_paid\"") && !shown.contains("value=\"succeed\""));
    submit(&fixture, &paid_page, "konbini_paid").await.expect(303);
    submit(&fixture, &never_page, "konbini_lapsed").await.expect(303);
    fixture.app.drain().await;
    assert_eq!(
        (fixture.status(paid).await, fixture.status(never).await),
        (PaymentStatus::Captured, PaymentStatus::Failed)
    );
    assert_eq!((fixture.notices(paid_order), fixture.notices(never_order)), (vec!["settled"], vec!["lapsed"]));
}

#[tokio::test]
async fn a_page_lapses_and_says_so() {
    let fixture = Fixture::with_sandbox().await;
    let (order, payment) = fixture.order().await;
    let page = page_of(&fixture, payment).await;
    fixture.advance(Duration::minutes(40));
    let late = submit(&fixture, &page, "succeed").await.expect(303);
    assert!(late.header("location").ends_with("?note=too_late"));
    assert!(fixture.buyer.client.clone().as_browser().get(&page).await.expect(200).text().contains("期限が切れました"));
    fixture.app.drain().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Expired, vec!["lapsed"]));
}

#[tokio::test]
async fn a_lost_delivery_is_made_up_for_and_refunds_come_from_both_sides() {
    let fixture = Fixture::with_sandbox().await;
    let (order, payment) = fixture.order().await;
    let page = page_of(&fixture, payment).await;
    submit(&fixture, &page, "succeed").await.expect(303);
    fixture.app.execute("delete from public.jobs where name = 'payments.deliver_sandbox_event'").await;
    fixture.advance(Duration::minutes(4));
    fixture.app.upkeep().await;
    assert_eq!(fixture.notices(order), ["settled"]);
    submit(&fixture, &page, "refund").await.expect(303);
    fixture.app.drain().await;
    assert_eq!(
        (fixture.status(payment).await, fixture.notices(order)),
        (PaymentStatus::Refunded, vec!["settled", "refunded"])
    );

    let (order, payment) = fixture.order().await;
    let page = page_of(&fixture, payment).await;
    fixture.market().sold_out.insert(order);
    submit(&fixture, &page, "succeed").await.expect(303);
    fixture.app.drain().await;
    assert_eq!(
        (fixture.status(payment).await, fixture.notices(order)),
        (PaymentStatus::Refunded, vec!["settled", "refunded"])
    );
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn strangers_find_nothing() {
    let fixture = Fixture::with_sandbox().await;
    let (_, payment) = fixture.order().await;
    let page = page_of(&fixture, payment).await;
    fixture.app.anonymous().get("/sandbox/checkout/cs_sandbox_nothing").await.expect(404);
    submit(&fixture, "/sandbox/checkout/%00", "succeed").await.expect(400);
    submit(&fixture, &page, "everything").await.expect(400);
    fixture.buyer.client.clone().as_browser().post_form(&page, &[("x", "y")]).await.expect(400);
    let foreign = fixture.app.anonymous().with_header("origin", "https://elsewhere.example");
    foreign.post_form(&page, &[("outcome", "succeed")]).await.expect(403);
    assert_eq!(fixture.status(payment).await, PaymentStatus::Pending);
}

#[tokio::test]
async fn a_dispute_can_be_opened_lost_and_won_by_hand() {
    let fixture = Fixture::with_sandbox().await;
    let (_, payment) = fixture.order().await;
    let page = page_of(&fixture, payment).await;
    submit(&fixture, &page, "succeed").await.expect(303);
    fixture.app.drain().await;
    let steps = [
        ("dispute", "withdrawn", vec!["value=\"dispute_won\"", "value=\"dispute_lost\""]),
        ("dispute_lost", "lost", vec!["value=\"dispute_won\""]),
        ("dispute_won", "won", vec!["value=\"refund\""]),
    ];
    for (outcome, state, buttons) in steps {
        submit(&fixture, &page, outcome).await.expect(303);
        fixture.app.drain().await;
        let now: String = fixture.app.value("select state from public.disputes").await;
        assert_eq!(now, state);
        let shown = fixture.buyer.client.clone().as_browser().get(&page).await.expect(200).text();
        for button in buttons {
            assert!(shown.contains(button), "{outcome}: {button}");
        }
        assert!(!shown.contains("value=\"dispute\""), "a payment is disputed once");
    }
    let late = submit(&fixture, &page, "dispute_lost").await.expect(303);
    assert!(late.header("location").ends_with("?note=too_late"));
    assert_eq!(fixture.findings().await, ["dispute_closed", "dispute_opened"]);
}
