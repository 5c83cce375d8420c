//! From the order to the package.

use std::process::Command;

use media::content_address::ContentAddress;
use serde_json::json;
use time::Duration;

use super::fixture::{Fixture, text};

#[tokio::test]
async fn a_sale_gives_entitlement_licence_package_and_mails() {
    let shop = Fixture::open().await;
    let (picture, product) = shop.on_show(1, "non-exclusive", 1_234).await;
    let english = shop.app.english_user("Emma").await;
    let answer = shop.order(&english, &product).await.expect(200).json();
    let order = text(&answer["orderId"]);
    assert!(text(&answer["url"]).starts_with("http"));
    let pending = shop.order_of(&english, &order).await;
    assert_eq!((&pending["status"], &pending["progress"]), (&json!("pending"), &json!("awaiting_payment")));
    assert_eq!(pending["checkoutUrl"], answer["url"]);
    assert_eq!(pending["items"][0]["downloadUrl"], json!(null));

    shop.settle(&order).await;
    let paid = shop.order_of(&english, &order).await;
    assert_eq!((&paid["status"], &paid["progress"]), (&json!("paid"), &json!("delivered")));
    let number = text(&paid["items"][0]["licenceNumber"]);

    // The package is what any program can open, and the picture in it is the original.
    let bytes = shop.download(&english, &order).await;
    let file = std::env::temp_dir().join(format!("{order}.zip"));
    std::fs::write(&file, &bytes).unwrap();
    let script = "import sys, zipfile, hashlib\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                  assert z.namelist() == ['design.png', 'LICENSE.txt'], z.namelist()\n\
                  print(hashlib.sha256(z.read('design.png')).hexdigest())\nprint(z.read('LICENSE.txt').decode())";
    let output = Command::new("python3").args(["-c", script]).arg(&file).output().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    assert!(output.starts_with(&ContentAddress::of(&picture.bytes).to_hex()));
    for part in [
        number.as_str(),
        "Non-exclusive use",
        "Emma",
        "はな工房",
        "庭のワンピース",
        "a secret prompt 1",
        "¥1,234",
        product.as_str(),
    ] {
        assert!(output.contains(part), "the licence lacks {part}");
    }
    let packages = shop.app.state.storage.list("deliver").await.unwrap();
    assert_eq!(packages.iter().map(ToString::to_string).collect::<Vec<_>>(), [format!("deliver/{order}/package.zip")]);

    // ⌊0.8 · 1234⌋ = 987 for the seller, 247 for the platform.
    let mut tx = shop.app.tx().await;
    let balance = ledger::balances::of_seller(&mut tx, shop.hana.id).await.unwrap();
    assert_eq!(balance.pending, kernel::Yen(987));
    drop(tx);
    assert_eq!(shop.word("select total_sold || '/' || total_reserved from public.design_terms").await, "1/0");
    let mails = shop.word("select string_agg(locale || ' ' || subject, ' | ' order by locale) from public.mails").await;
    assert!(mails.starts_with("en Thank you for your purchase (order M-20261120-"), "{mails}");
    assert!(mails.contains("| ja 作品が売れました: 庭のワンピース"), "{mails}");
    let body = shop.word("select body_text from public.mails where locale = 'ja'").await;
    assert!(body.contains("¥987") && !body.contains("secret"), "{body}");
    assert_eq!(shop.word("select kept_reason from public.generations").await, "sold");
    shop.all_holds().await;
}

#[tokio::test]
async fn the_licence_of_a_buyer_stays_as_it_was_whatever_the_seller_does() {
    let shop = Fixture::open().await;
    let (picture, product) = shop.on_show(1, "non-exclusive", 500).await;
    let order = shop.bought(&shop.ken, &product).await;
    let first = shop.download(&shop.ken, &order).await;
    shop.hana.client.post("/api/user-gallery/unpublish", &json!({"historyId": picture.id})).await.expect(200);
    shop.publish_as(&shop.hana, &picture, json!({"title": "別の名前", "priceCents": 9_000})).await.expect(200);
    shop.hana.client.post("/api/user-gallery/unpublish", &json!({"historyId": picture.id})).await.expect(200);
    shop.advance(Duration::days(900));
    let seen = shop.app.state.db.begin_as(&shop.ken.ctx).await.unwrap();
    drop(seen);
    let later = shop.app.tx().await;
    drop(later);
    assert_eq!(
        shop.word("select title_snapshot from public.product_versions where version = 1").await,
        "庭のワンピース"
    );
    let again = shop.word("select package_key from public.deliveries").await;
    let key = platform::storage::StorageKey::new(again).unwrap();
    assert_eq!(shop.app.state.storage.get(&key).await.unwrap().as_ref(), first.as_slice());
    shop.all_holds().await;
}

#[tokio::test]
async fn what_is_free_is_the_buyers_at_once() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "single-use", 0).await;
    let answer = shop.order(&shop.ken, &product).await.expect(200).json();
    let order = text(&answer["orderId"]);
    assert_eq!(answer["url"], format!("{}/orders/{order}", shop.app.url));
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "packing");
    let entitlement = text(&shop.order_of(&shop.ken, &order).await["items"][0]["entitlementId"]);
    shop.ken
        .client
        .get(&format!("/api/entitlements/{entitlement}/download"))
        .await
        .expect_problem(409, "package_not_ready");
    shop.app.drain().await;
    assert!(!shop.download(&shop.ken, &order).await.is_empty());
    assert_eq!((shop.count("public.payments").await, shop.count("public.ledger_transfers").await), (0, 0));
    // A single-use licence is good for one project; the next needs another one.
    let second = shop.ordered(&shop.ken, &product).await;
    assert_ne!(second, order);
    assert_eq!(shop.word("select total_sold::text from public.design_terms").await, "2");
    shop.app.drain().await;
    shop.all_holds().await;
}

#[tokio::test]
async fn an_order_that_cannot_be_placed_says_why() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 500).await;
    shop.app
        .anonymous()
        .post("/api/checkout", &json!({"listingId": product}))
        .await
        .expect_problem(401, "unauthorized");
    shop.order(&shop.hana, &product).await.expect_problem(409, "own_product");
    shop.order(&shop.ken, "0192f5a0-0000-7000-8000-000000000000").await.expect_problem(404, "not_found");
    shop.order(&shop.ken, "nonsense").await.expect_problem(422, "invalid_input");
    for bad in ["https://evil.example/", "//evil.example", "javascript:alert(1)"] {
        let body = json!({"listingId": product, "successUrl": bad, "cancelUrl": "/gallery"});
        let answer = shop.ken.client.post("/api/checkout", &body).await.expect_problem(422, "invalid_input").json();
        assert_eq!(answer["fields"][0]["field"], "successUrl");
        assert_eq!(answer["fields"][0]["error"], "redirect_not_allowed");
    }
    let banned = shop.app.user("悪").await;
    shop.app.ban(&banned).await;
    shop.order(&banned, &product).await.expect_problem(403, "account_banned");
    assert_eq!((shop.count("public.orders").await, shop.stripe.sessions().len()), (0, 0));
    // Ours, by path and by address.
    let body =
        json!({"listingId": product, "successUrl": format!("{}/orders?x=1", shop.app.url), "cancelUrl": "/gallery"});
    shop.ken.client.post("/api/checkout", &body).await.expect(200);
    assert_eq!(shop.stripe.sessions()[0].success_url, format!("{}/orders?x=1", shop.app.url));
    shop.deliver(&shop.stripe.pay(&shop.stripe.sessions()[0].id)).await;
    shop.app.drain().await;
    shop.order(&shop.ken, &product).await.expect_problem(409, "already_owned");
}

#[tokio::test]
async fn a_paused_product_cannot_be_ordered_until_it_is_published_again() {
    let shop = Fixture::open().await;
    let (picture, product) = shop.on_show(1, "non-exclusive", 1_200).await;
    shop.hana.client.post("/api/user-gallery/unpublish", &json!({"historyId": picture.id})).await.expect(200);
    shop.order(&shop.ken, &product).await.expect_problem(409, "unavailable");
    shop.publish_as(&shop.hana, &picture, json!({"licenseType": "single-use", "maxSales": 5})).await.expect(200);
    shop.order(&shop.ken, &product).await.expect(200);
    shop.all_holds().await;
}

#[tokio::test]
async fn the_product_page_leads_its_buyer_to_the_order_and_nobody_else() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 500).await;
    let path = format!("/d/{}", shop.word("select slug from public.products").await);
    let order = shop.bought(&shop.ken, &product).await;
    let link = format!("href=\"/orders/{order}\"");
    let own = shop.ken.client.clone().as_browser().get(&path).await.expect(200).text();
    assert!(own.contains(&link), "{own}");
    let emma = shop.app.english_user("Emma").await;
    assert!(!emma.client.clone().as_browser().get(&path).await.expect(200).text().contains("/orders/"));
    assert!(!shop.app.anonymous().as_browser().get(&path).await.expect(200).text().contains("/orders/"));
}

#[tokio::test]
async fn a_double_click_is_one_order() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "exclusive", 5_000).await;
    let (one, other) = tokio::join!(shop.order(&shop.ken, &product), shop.order(&shop.ken, &product));
    let (one, other) = (one.expect(200).json(), other.expect(200).json());
    assert_eq!(one, other);
    assert_eq!((shop.count("public.orders").await, shop.stripe.sessions().len()), (1, 1));
    shop.all_holds().await;
}

#[tokio::test]
async fn the_confirmation_shows_everything_before_the_order() {
    let shop = Fixture::open_with("sandbox", &[]).await;
    let (_, product) = shop.on_show(1, "exclusive", 5_000).await;
    let slug = shop.word("select slug from public.products").await;
    let path = format!("/d/{slug}/buy");
    let stranger = shop.app.anonymous().as_browser();
    assert!(stranger.get(&path).await.expect(303).header("location").starts_with("/login?next="));
    let ken = shop.ken.client.clone().as_browser();
    let page = ken.get(&path).await.expect(200).text();
    for part in ["庭のワンピース", "¥5,000", "独占", "返品", "お支払い方法", "お届け", "30分以内", "注文を確定"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("confirm-order"), "{page}");
    let hana = shop.hana.client.clone().as_browser();
    assert_eq!(hana.get(&path).await.expect(303).header("location"), format!("/d/{slug}"));
    let stale = ken.post_form(&path, &[("productId", product.as_str()), ("price", "4000")]).await.expect(303);
    assert_eq!(stale.header("location"), path);
    assert_eq!(shop.count("public.orders").await, 0);
    let placed = ken.post_form(&path, &[("productId", product.as_str()), ("price", "5000")]).await.expect(303);
    let checkout = placed.header("location").to_owned();
    assert!(checkout.contains("/sandbox/checkout/"), "{checkout}");
    let paid = ken.post_form(&checkout, &[("outcome", "succeed")]).await.expect(303);
    let order_page = paid.header("location").to_owned();
    let waiting = ken.get(&order_page).await.expect(200).text();
    assert!(waiting.contains("data-pending") && waiting.contains("data-island=\"orders\""));
    shop.app.drain().await;
    let done = ken.get(&order_page).await.expect(200).text();
    assert!(done.contains("お届けしました") && done.contains("/download") && !done.contains("data-pending"));
    let receipt = ken.get(&format!("{}/receipt", order_page.split('?').next().unwrap())).await.expect(200).text();
    assert!(receipt.contains("健 様") && receipt.contains("¥5,000") && receipt.contains("¥454"));
    shop.all_holds().await;
}
