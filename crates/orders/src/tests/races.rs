//! Many at once, and in the wrong order: nothing is sold twice, nobody pays for nothing.

use futures::future::join_all;
use serde_json::json;
use time::Duration;

use super::fixture::{Fixture, text};

#[tokio::test]
async fn fifty_buyers_of_one_exclusive_licence() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "exclusive", 5_000).await;
    let mut buyers = Vec::new();
    for number in 0..50 {
        buyers.push(shop.app.user(&format!("買い手{number}")).await);
    }
    let answers = join_all(buyers.iter().map(|buyer| shop.order(buyer, &product))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 49));
    for answer in lost {
        answer.expect_problem(409, "unavailable");
    }
    assert_eq!(shop.stripe.sessions().len(), 1, "nobody else was asked to pay");
    shop.settle(&text(&won[0].json()["orderId"])).await;
    assert_eq!(shop.word("select status from public.products").await, "sold_out");
    assert_eq!(shop.count("public.entitlements").await, 1);
    let gallery = shop.app.anonymous().get("/api/gallery/public").await.expect(200).json();
    assert_eq!(gallery["items"], json!([]));
    shop.all_holds().await;
}

#[tokio::test]
async fn thirty_buyers_of_ten_copies_who_all_pay_late() {
    let shop = Fixture::open().await;
    let picture = shop.picture(&shop.hana, 1).await;
    let more = json!({"licenseType": "non-exclusive", "maxSales": 10, "priceCents": 300});
    let product = text(&shop.publish_as(&shop.hana, &picture, more).await.expect(200).json()["listingId"]);
    let mut buyers = Vec::new();
    for number in 0..30 {
        buyers.push(shop.app.user(&format!("買い手{number}")).await);
    }
    let answers = join_all(buyers.iter().map(|buyer| shop.order(buyer, &product))).await;
    let orders: Vec<String> =
        answers.iter().filter(|one| one.status == 200).map(|one| text(&one.json()["orderId"])).collect();
    assert_eq!(orders.len(), 10);
    for order in &orders {
        shop.deliver(&shop.pay(order)).await;
    }
    let workers =
        [shop.app.another_worker(), shop.app.another_worker(), shop.app.another_worker(), shop.app.another_worker()];
    for drained in join_all(workers.iter().map(platform::jobs::Worker::drain)).await {
        drained.unwrap();
    }
    shop.app.drain().await;
    assert_eq!(
        shop.word("select status || total_sold from public.products join public.design_terms on product_id = id").await,
        "sold_out10"
    );
    shop.all_holds().await;
}

#[tokio::test]
async fn a_payment_after_the_lapse_takes_the_stock_again_or_goes_back() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "exclusive", 5_000).await;
    let emma = shop.app.english_user("Emma").await;
    let late = shop.ordered(&shop.ken, &product).await;
    let session = shop.session_of(&late);
    // A slip is chosen, and its time runs out.
    shop.deliver(&shop.stripe.choose_konbini(&session)).await;
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &late).await["progress"], "processing");
    shop.deliver(&shop.stripe.konbini_lapsed(&session)).await;
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &late).await["status"], "failed");
    let winner = shop.bought(&emma, &product).await;
    // The money of the slip arrives after all.
    shop.deliver(&shop.stripe.konbini_paid(&session)).await;
    shop.app.drain().await;
    let order = shop.order_of(&shop.ken, &late).await;
    assert_eq!(order["status"], "refunded", "{order}");
    assert_eq!(shop.stripe.refunds().len(), 1);
    assert_eq!(shop.order_of(&emma, &winner).await["progress"], "delivered");
    let mails = shop
        .word(&format!(
            "select string_agg(subject, ' | ' order by id) from public.mails where recipient_id = '{}'",
            shop.ken.id
        ))
        .await;
    assert!(mails.contains("返金します") && mails.contains("返金しました"), "{mails}");
    shop.all_holds().await;
}

#[tokio::test]
async fn a_late_payment_is_honoured_while_the_stock_is_there() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "exclusive", 5_000).await;
    let order = shop.ordered(&shop.ken, &product).await;
    let session = shop.session_of(&order);
    shop.deliver(&shop.stripe.choose_konbini(&session)).await;
    shop.deliver(&shop.stripe.konbini_lapsed(&session)).await;
    shop.app.drain().await;
    assert_eq!(shop.word("select total_reserved::text from public.design_terms").await, "0");
    shop.deliver(&shop.stripe.konbini_paid(&session)).await;
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "delivered");
    shop.all_holds().await;
}

#[tokio::test]
async fn an_exclusive_sale_ends_every_offer_of_the_same_picture() {
    let shop = Fixture::open().await;
    let parent = shop.picture(&shop.hana, 1).await;
    let child = shop.child(&shop.hana, &parent, 2).await;
    let grandchild = shop.child(&shop.hana, &child, 3).await;
    let twin = shop.picture(&shop.ken, 1).await;
    let stranger = shop.picture(&shop.hana, 4).await;
    let publish = async |who, picture, license: &str| {
        let more = json!({"licenseType": license, "priceCents": 700});
        text(&shop.publish_as(who, picture, more).await.expect(200).json()["listingId"])
    };
    let exclusive = publish(&shop.hana, &parent, "exclusive").await;
    let derived = publish(&shop.hana, &child, "non-exclusive").await;
    publish(&shop.ken, &twin, "non-exclusive").await;
    publish(&shop.hana, &stranger, "non-exclusive").await;
    let (emma, mia) = (shop.app.english_user("Emma").await, shop.app.user("美").await);
    // Somebody else is about to pay for a derivative, and somebody has paid without our knowing yet.
    let pending = shop.ordered(&mia, &derived).await;
    let winner = shop.ordered(&emma, &exclusive).await;
    let crossing = shop.pay(&pending);
    shop.settle(&winner).await;
    assert_eq!(shop.count("public.products where status = 'sold_out'").await, 3);
    assert_eq!(shop.count("public.products where status = 'active'").await, 1, "another picture stays");
    shop.deliver(&crossing).await;
    shop.app.drain().await;
    assert_eq!(shop.order_of(&mia, &pending).await["status"], "refunded");
    assert_eq!(shop.count("public.entitlements").await, 1);
    shop.publish_as(&shop.hana, &grandchild, json!({})).await.expect_problem(409, "sold_exclusively");
    shop.publish_as(&shop.hana, &parent, json!({})).await.expect_problem(409, "sold_exclusively");
    shop.all_holds().await;
}

#[tokio::test]
async fn nobody_sells_alone_what_somebody_has() {
    let shop = Fixture::open().await;
    let (parent, first) = shop.on_show(1, "non-exclusive", 700).await;
    let child = shop.child(&shop.hana, &parent, 2).await;
    let more = json!({"licenseType": "exclusive", "priceCents": 9_000});
    let exclusive = text(&shop.publish_as(&shop.hana, &child, more.clone()).await.expect(200).json()["listingId"]);
    let emma = shop.app.english_user("Emma").await;
    // Both are ordered; the other licence is paid first, so the exclusive one cannot be had any more.
    let plain = shop.ordered(&shop.ken, &first).await;
    let alone = shop.ordered(&emma, &exclusive).await;
    shop.settle(&plain).await;
    assert_eq!(shop.order_of(&shop.ken, &plain).await["progress"], "delivered");
    assert_eq!(shop.word(&format!("select status from public.products where id = '{exclusive}'")).await, "paused");
    assert_eq!(shop.order_of(&emma, &alone).await["status"], "expired");
    assert_eq!(shop.stripe.sessions().iter().filter(|session| session.status == "expired").count(), 1);
    shop.publish_as(&shop.hana, &child, more).await.expect_problem(409, "already_licensed");
    shop.all_holds().await;
}

#[tokio::test]
async fn orders_that_nobody_pays_are_closed_in_time() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "exclusive", 5_000).await;
    let order = shop.ordered(&shop.ken, &product).await;
    shop.advance(Duration::minutes(20));
    shop.app.upkeep().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["status"], "pending");
    shop.advance(Duration::minutes(40));
    shop.app.upkeep().await;
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["status"], "expired");
    assert_eq!(shop.stripe.sessions()[0].status, "expired");
    let emma = shop.app.english_user("Emma").await;
    shop.bought(&emma, &product).await;
    shop.all_holds().await;
}
