//! A lost dispute ends what was bought; a loss that is reversed gives it back.

use serde_json::Value;
use testkit::payment_doubles::SentEvent;

use super::fixture::{Fixture, text};

/// The name of the dispute that events are about.
fn name(events: &[SentEvent]) -> String {
    let body: Value = serde_json::from_str(&events[0].body).unwrap();
    text(&body["data"]["object"]["id"])
}

#[tokio::test]
async fn a_lost_dispute_takes_the_right_and_the_licence_and_says_so() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let order = shop.bought(&shop.ken, &product).await;
    let (browser, path) = (shop.ken.client.clone().as_browser(), format!("/orders/{order}"));
    let download = text(&shop.order_of(&shop.ken, &order).await["items"][0]["downloadUrl"]);
    let session = shop.session_of(&order);
    let opened = shop.stripe.dispute(&session);
    shop.deliver(&opened).await;
    shop.app.drain().await;
    shop.ken.client.get(&download).await.expect(303);

    shop.deliver(&shop.stripe.close_dispute(&session, &name(&opened), "lost")).await;
    shop.app.drain().await;
    shop.ken.client.get(&download).await.expect_problem(410, "entitlement_charged_back");
    let gone = browser.get(&download).await.expect(410).text();
    assert!(gone.contains("カード会社"), "{gone}");
    let page = browser.get(&path).await.expect(200).text();
    assert!(page.contains("ライセンス") && page.contains("無効") && !page.contains("/download"), "{page}");
    let rights = shop.ken.client.get("/api/entitlements").await.expect(200).json();
    assert_eq!(rights["items"].as_array().unwrap().len(), 0, "{rights}");
    let seen = shop.order_of(&shop.ken, &order).await;
    assert_eq!((&seen["items"][0]["entitlementId"], &seen["items"][0]["downloadUrl"]), (&Value::Null, &Value::Null));
    shop.all_holds().await;
}

#[tokio::test]
async fn a_dispute_that_is_won_at_once_or_after_a_loss_leaves_the_buyer_what_was_bought() {
    for lost_before in [false, true] {
        let shop = Fixture::open().await;
        let (made, product) = shop.on_show(1, "non-exclusive", 1_000).await;
        let order = shop.bought(&shop.ken, &product).await;
        let session = shop.session_of(&order);
        let opened = shop.stripe.dispute(&session);
        shop.deliver(&opened).await;
        let mut ends = vec!["won"];
        if lost_before {
            ends.insert(0, "lost");
        }
        for end in ends {
            shop.deliver(&shop.stripe.close_dispute(&session, &name(&opened), end)).await;
            shop.app.drain().await;
        }
        assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "delivered", "lost before: {lost_before}");
        assert!(!shop.download(&shop.ken, &order).await.is_empty());
        drop(made);
        let shares = "select (sum(b.debit_jpy) filter (where a.kind in ('seller_pending', 'seller_available')))::text
                        || ' ' || (sum(b.debit_jpy) filter (where a.kind = 'platform_revenue'))::text
                      from public.ledger_balances b join public.ledger_accounts a on a.id = b.account_id";
        assert_eq!(shop.word(shares).await, "-800 -200", "everybody has what the sale gave them");
        // The loss told again, late, takes nothing away.
        shop.deliver(&shop.stripe.close_dispute(&session, &name(&opened), "lost")).await;
        shop.app.drain().await;
        assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "delivered");
        shop.all_holds().await;
    }
}

#[tokio::test]
async fn a_refund_is_not_undone_by_a_dispute_that_is_won() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let order = shop.bought(&shop.ken, &product).await;
    let session = shop.session_of(&order);
    let download = text(&shop.order_of(&shop.ken, &order).await["items"][0]["downloadUrl"]);
    shop.deliver(&shop.stripe.refund_at_console(&session, 1_000)).await;
    shop.app.drain().await;
    let opened = shop.stripe.dispute(&session);
    shop.deliver(&opened).await;
    shop.deliver(&shop.stripe.close_dispute(&session, &name(&opened), "won")).await;
    shop.app.drain().await;
    shop.ken.client.get(&download).await.expect_problem(410, "entitlement_revoked");
    shop.all_holds().await;
}

#[tokio::test]
async fn the_slip_is_on_the_order_page_until_it_is_paid() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let order = shop.ordered(&shop.ken, &product).await;
    let (browser, path) = (shop.ken.client.clone().as_browser(), format!("/orders/{order}"));
    let session = shop.session_of(&order);
    shop.deliver(&shop.stripe.choose_konbini(&session)).await;
    shop.app.drain().await;
    let page = browser.get(&path).await.expect(200).text();
    assert!(page.contains("https://payments.stripe.com/konbini/voucher/pi_"), "{page}");
    assert!(page.contains("11月23日"), "until when: {page}");
    let seen = shop.order_of(&shop.ken, &order).await;
    assert!(text(&seen["slipUrl"]).starts_with("https://payments.stripe.com/konbini/voucher/"), "{seen}");
    assert!(!text(&seen["slipExpiresAt"]).is_empty());
    shop.hana.client.get(&format!("/api/orders/{order}")).await.expect(404);

    shop.deliver(&shop.stripe.konbini_paid(&session)).await;
    shop.app.drain().await;
    assert!(!browser.get(&path).await.expect(200).text().contains("konbini/voucher"));
    assert_eq!(shop.order_of(&shop.ken, &order).await["slipUrl"], Value::Null);
    shop.all_holds().await;
}
