//! What a buyer sees, and what nobody else does.

use serde_json::json;
use time::Duration;

use super::fixture::{Fixture, text};

#[tokio::test]
async fn orders_and_rights_belong_to_their_buyer() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 500).await;
    let order = shop.bought(&shop.ken, &product).await;
    let entitlement = text(&shop.order_of(&shop.ken, &order).await["items"][0]["entitlementId"]);
    let thief = shop.app.user("盗").await;
    for path in [
        format!("/api/orders/{order}"),
        format!("/api/entitlements/{entitlement}/download"),
        "/api/orders/0192f5a0-0000-7000-8000-000000000000".to_owned(),
        "/api/entitlements/nonsense/download".to_owned(),
    ] {
        thief.client.get(&path).await.expect_problem(404, "not_found");
        shop.app.anonymous().get(&path).await.expect(401);
    }
    let browser = thief.client.clone().as_browser();
    browser.get(&format!("/orders/{order}")).await.expect(404);
    browser.get(&format!("/orders/{order}/receipt")).await.expect(404);
    assert_eq!(thief.client.get("/api/orders").await.expect(200).json(), json!({"items": []}));
    assert_eq!(thief.client.get("/api/entitlements").await.expect(200).json(), json!({"items": []}));
    // The seller is no buyer either.
    shop.hana.client.get(&format!("/api/orders/{order}")).await.expect_problem(404, "not_found");
    let mine = shop.ken.client.get("/api/entitlements").await.expect(200).json();
    assert_eq!((&mine["items"][0]["id"], &mine["items"][0]["orderId"]), (&json!(entitlement), &json!(order)));
}

#[tokio::test]
async fn a_link_ends_and_another_is_a_click_away() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 500).await;
    let order = shop.bought(&shop.ken, &product).await;
    let url = text(&shop.order_of(&shop.ken, &order).await["items"][0]["downloadUrl"]);
    let link = shop.ken.client.get(&url).await.expect(303).header("location").to_owned();
    let first = shop.app.anonymous().get(&link).await.expect(200);
    assert!(first.header("content-disposition").contains("machiya-ML-20261120-"));
    shop.advance(Duration::hours(25));
    shop.app.anonymous().get(&link).await.expect_problem(410, "link_expired");
    let fresh = shop.ken.client.get(&url).await.expect(303).header("location").to_owned();
    assert_ne!(fresh, link);
    assert_eq!(shop.app.anonymous().get(&fresh).await.expect(200).bytes, first.bytes);
    // A banned account keeps what it bought.
    shop.app.ban(&shop.ken).await;
    shop.ken.client.get(&url).await.expect(303);
}

#[tokio::test]
async fn the_history_pages_through_everything() {
    let shop = Fixture::open().await;
    let mut made = Vec::new();
    for number in 1..=5 {
        let (_, product) = shop.on_show(number, "non-exclusive", 0).await;
        made.push(shop.ordered(&shop.ken, &product).await);
    }
    shop.app.drain().await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = shop.ken.client.get(&format!("/api/orders?limit=2&cursor={cursor}")).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|order| text(&order["id"])));
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    seen.sort();
    made.sort();
    assert_eq!(seen, made);
    let page = shop.ken.client.clone().as_browser().get("/orders").await.expect(200).text();
    assert_eq!(page.matches("お届け済み").count(), 5);
    assert!(!page.contains("order-state") && !page.contains("secret prompt"));
    let empty = shop.hana.client.clone().as_browser().get("/orders").await.expect(200).text();
    assert!(empty.contains("まだ注文がありません"));
}

#[tokio::test]
async fn giving_up_releases_the_stock_at_once() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "exclusive", 5_000).await;
    let order = shop.ordered(&shop.ken, &product).await;
    let emma = shop.app.english_user("Emma").await;
    shop.order(&emma, &product).await.expect_problem(409, "unavailable");
    emma.client.post(&format!("/api/orders/{order}/cancel"), &json!({})).await.expect_problem(404, "not_found");
    shop.ken.client.post(&format!("/api/orders/{order}/cancel"), &json!({})).await.expect(200);
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["status"], "cancelled");
    shop.ken
        .client
        .post(&format!("/api/orders/{order}/cancel"), &json!({}))
        .await
        .expect_problem(409, "order_not_pending");
    assert_eq!(shop.stripe.sessions()[0].status, "expired", "nobody can pay any more");
    shop.bought(&emma, &product).await;
    shop.all_holds().await;
}
