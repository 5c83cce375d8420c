//! The sandbox: its page, and its events through the same door.

use kernel::PaymentId;
use testkit::Answer;
use time::Duration;

use super::desk::Desk;
use crate::PaymentStatus;

async fn page_of(desk: &Desk, payment: PaymentId) -> String {
    desk.payments.redirect_url(&desk.app.ctx(), payment).await.unwrap().path().to_owned()
}

async fn press(desk: &Desk, page: &str, outcome: &str) -> Answer {
    desk.buyer.client.clone().as_browser().post_form(page, &[("outcome", outcome)]).await
}

#[tokio::test]
async fn paying_on_the_page_settles_the_order_by_http() {
    let desk = Desk::with_sandbox().await;
    let (order, payment) = desk.order().await;
    let page = page_of(&desk, payment).await;
    let shown = desk.buyer.client.clone().as_browser().get(&page).await.expect(200).text();
    for part in ["藍染のワンピース", "¥1,200", "value=\"succeed\"", "value=\"decline\"", "value=\"konbini_later\""]
    {
        assert!(shown.contains(part), "{part}");
    }
    assert!(!shown.contains("sandbox-") || !shown.contains(">sandbox-"), "every word is translated");
    let answer = press(&desk, &page, "succeed").await.expect(303);
    assert_eq!(answer.header("location"), format!("{}/orders?paid=1", desk.app.url));
    assert_eq!(desk.status(payment).await, PaymentStatus::Pending, "only the event says so");
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Captured, vec!["settled"]));
    let delivered: i64 = desk
        .app
        .value("select count(*) from public.sandbox_events where delivered_at is not null and last_status = 200")
        .await;
    assert_eq!(delivered, 2);
    assert_eq!(desk.debit("payment_fee_expense").await, 43);
    // Pressed again, on a page that was left open.
    let again = press(&desk, &page, "succeed").await.expect(303);
    assert!(again.header("location").ends_with("?note=too_late"));
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["settled"]);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn decline_keeps_the_page_open_and_cancel_leads_back() {
    let desk = Desk::with_sandbox().await;
    let (order, payment) = desk.order().await;
    let page = page_of(&desk, payment).await;
    let declined = press(&desk, &page, "decline").await.expect(303).header("location").to_owned();
    let english = desk.buyer.client.clone().as_browser().with_header("accept-language", "en");
    let shown = desk.buyer.client.clone().as_browser().get(&declined).await.expect(200).text();
    assert!(shown.contains("カードが使えませんでした"));
    drop(english);
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Pending, vec![]));
    let back = press(&desk, &page, "cancel").await.expect(303);
    assert_eq!(back.header("location"), format!("{}/gallery", desk.app.url));
    press(&desk, &page, "succeed").await.expect(303);
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["settled"]);
}

#[tokio::test]
async fn a_slip_waits_for_a_second_press() {
    let desk = Desk::with_sandbox().await;
    let (paid_order, paid) = desk.order().await;
    let (never_order, never) = desk.order().await;
    let (paid_page, never_page) = (page_of(&desk, paid).await, page_of(&desk, never).await);
    for page in [&paid_page, &never_page] {
        press(&desk, page, "konbini_later").await.expect(303);
    }
    desk.app.drain().await;
    assert_eq!(desk.status(paid).await, PaymentStatus::Authorized);
    let shown = desk.buyer.client.clone().as_browser().get(&paid_page).await.expect(200).text();
    assert!(shown.contains("value=\"konbini_paid\"") && !shown.contains("value=\"succeed\""));
    press(&desk, &paid_page, "konbini_paid").await.expect(303);
    press(&desk, &never_page, "konbini_lapsed").await.expect(303);
    desk.app.drain().await;
    assert_eq!((desk.status(paid).await, desk.status(never).await), (PaymentStatus::Captured, PaymentStatus::Failed));
    assert_eq!((desk.news(paid_order), desk.news(never_order)), (vec!["settled"], vec!["lapsed"]));
}

#[tokio::test]
async fn a_page_lapses_and_says_so() {
    let desk = Desk::with_sandbox().await;
    let (order, payment) = desk.order().await;
    let page = page_of(&desk, payment).await;
    desk.advance(Duration::minutes(40));
    let late = press(&desk, &page, "succeed").await.expect(303);
    assert!(late.header("location").ends_with("?note=too_late"));
    assert!(desk.buyer.client.clone().as_browser().get(&page).await.expect(200).text().contains("期限が切れました"));
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Expired, vec!["lapsed"]));
}

#[tokio::test]
async fn a_lost_delivery_is_made_up_for_and_refunds_come_from_both_sides() {
    let desk = Desk::with_sandbox().await;
    let (order, payment) = desk.order().await;
    let page = page_of(&desk, payment).await;
    press(&desk, &page, "succeed").await.expect(303);
    desk.app.execute("delete from public.jobs where name = 'payments.deliver_sandbox_event'").await;
    desk.advance(Duration::minutes(4));
    desk.app.upkeep().await;
    assert_eq!(desk.news(order), ["settled"]);
    press(&desk, &page, "refund").await.expect(303);
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Refunded, vec!["settled", "refunded"]));

    let (order, payment) = desk.order().await;
    let page = page_of(&desk, payment).await;
    desk.market().sold_out.insert(order);
    press(&desk, &page, "succeed").await.expect(303);
    desk.app.drain().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Refunded, vec!["settled", "refunded"]));
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn strangers_find_nothing() {
    let desk = Desk::with_sandbox().await;
    let (_, payment) = desk.order().await;
    let page = page_of(&desk, payment).await;
    desk.app.anonymous().get("/sandbox/checkout/cs_sandbox_nothing").await.expect(404);
    press(&desk, "/sandbox/checkout/%00", "succeed").await.expect(400);
    press(&desk, &page, "everything").await.expect(400);
    desk.buyer.client.clone().as_browser().post_form(&page, &[("x", "y")]).await.expect(400);
    let foreign = desk.app.anonymous().with_header("origin", "https://elsewhere.example");
    foreign.post_form(&page, &[("outcome", "succeed")]).await.expect(403);
    assert_eq!(desk.status(payment).await, PaymentStatus::Pending);
}

#[tokio::test]
async fn a_dispute_can_be_opened_lost_and_won_by_hand() {
    let desk = Desk::with_sandbox().await;
    let (_, payment) = desk.order().await;
    let page = page_of(&desk, payment).await;
    press(&desk, &page, "succeed").await.expect(303);
    desk.app.drain().await;
    let steps = [
        ("dispute", "withdrawn", vec!["value=\"dispute_won\"", "value=\"dispute_lost\""]),
        ("dispute_lost", "lost", vec!["value=\"dispute_won\""]),
        ("dispute_won", "won", vec!["value=\"refund\""]),
    ];
    for (outcome, state, buttons) in steps {
        press(&desk, &page, outcome).await.expect(303);
        desk.app.drain().await;
        let now: String = desk.app.value("select state from public.disputes").await;
        assert_eq!(now, state);
        let shown = desk.buyer.client.clone().as_browser().get(&page).await.expect(200).text();
        for button in buttons {
            assert!(shown.contains(button), "{outcome}: {button}");
        }
        assert!(!shown.contains("value=\"dispute\""), "a payment is disputed once");
    }
    let late = press(&desk, &page, "dispute_lost").await.expect(303);
    assert!(late.header("location").ends_with("?note=too_late"));
    assert_eq!(desk.findings().await, ["dispute_closed", "dispute_opened"]);
}
