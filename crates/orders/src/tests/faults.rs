//! Told twice, killed in between, storage down: exactly one sale, one entitlement, one package.

use futures::future::join_all;
use platform::jobs::Worker;
use time::Duration;

use super::fixture::Fixture;

#[tokio::test]
async fn settling_many_times_at_once_is_one_sale() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let order = shop.ordered(&shop.ken, &product).await;
    let events = shop.pay(&order);
    join_all((0..10).map(|_| shop.deliver(&events))).await;
    shop.app.drain().await;
    // The same news again, from several workers at once, long after the fact.
    shop.app
        .execute(
            "insert into public.jobs (id, name, payload, max_attempts, run_at, request_id, created_at, updated_at)
             select gen_random_uuid(), name, payload, max_attempts, run_at, request_id, created_at, updated_at
               from public.jobs, generate_series(1, 20) where name = 'orders.settle_order';",
        )
        .await;
    let workers: Vec<Worker> = (0..5).map(|_| shop.app.another_worker()).collect();
    for drained in join_all(workers.iter().map(Worker::drain)).await {
        assert_eq!(drained.unwrap().others, 0);
    }
    assert_eq!(shop.count("public.ledger_transfers where kind = 'sale'").await, 1);
    assert_eq!(shop.count("public.entitlements").await, 1);
    assert_eq!(shop.count("public.mails").await, 2);
    assert_eq!(shop.word("select total_sold::text from public.design_terms").await, "1");
    shop.all_holds().await;
}

#[tokio::test]
async fn settling_that_breaks_off_leaves_nothing_and_is_repeated() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "exclusive", 1_000).await;
    let order = shop.ordered(&shop.ken, &product).await;
    // The last write of the transaction is refused: all that came before it must be undone.
    shop.refuse("before insert on public.audit_logs", "when (new.action = 'orders.pay')").await;
    shop.settle(&order).await;
    for table in ["entitlements", "licences", "deliveries", "mails", "ledger_transfers where kind = 'sale'"] {
        assert_eq!(shop.count(&format!("public.{table}")).await, 0, "{table}");
    }
    assert_eq!(shop.word("select status from public.products").await, "active");
    shop.allow("audit_logs").await;
    shop.advance(Duration::minutes(1));
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "delivered");
    shop.all_holds().await;
}

#[tokio::test]
async fn storage_that_is_down_delays_the_package_and_nothing_else() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let order = shop.ordered(&shop.ken, &product).await;
    shop.app.state.storage.outage().begin();
    shop.settle(&order).await;
    let waiting = shop.order_of(&shop.ken, &order).await;
    assert_eq!((waiting["status"].as_str(), waiting["progress"].as_str()), (Some("paid"), Some("packing")));
    for _ in 0..40 {
        shop.advance(Duration::hours(1));
        shop.app.drain().await;
    }
    assert_eq!(shop.word("select state from public.jobs where name = 'orders.deliver_package'").await, "dead");
    shop.app.state.storage.outage().end();
    shop.app.upkeep().await;
    let mut tx = shop.app.tx().await;
    let findings = crate::verify(&mut tx).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    drop(tx);
    assert_eq!(shop.word("select state from public.deliveries").await, "ready", "upkeep asked again");
    shop.all_holds().await;
}

#[tokio::test]
async fn a_worker_that_dies_after_storing_is_followed_by_one_that_writes_the_same() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let order = shop.bought(&shop.ken, &product).await;
    let first = shop.download(&shop.ken, &order).await;
    // As if the process had been killed between storing the package and recording it.
    shop.app
        .execute(
            "update public.deliveries set state = 'pending', sha256 = null, size_bytes = null, ready_at = null;
             update public.jobs set state = 'queued', finished_at = null, attempts = 1 where name = 'orders.deliver_package';",
        )
        .await;
    shop.advance(Duration::minutes(5));
    shop.app.drain().await;
    assert_eq!(shop.word("select state from public.deliveries").await, "ready");
    assert_eq!(shop.app.state.storage.list("deliver").await.unwrap().len(), 1);
    let key = platform::storage::StorageKey::new(shop.word("select package_key from public.deliveries").await).unwrap();
    assert_eq!(shop.app.state.storage.get(&key).await.unwrap().as_ref(), first.as_slice());
    shop.all_holds().await;
}

#[tokio::test]
async fn an_original_that_was_changed_is_not_delivered_and_is_found() {
    let shop = Fixture::open().await;
    let (picture, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let other = shop.picture(&shop.hana, 2).await;
    let order = shop.ordered(&shop.ken, &product).await;
    let file =
        platform::storage::NewFile { key: picture.key.clone(), bytes: other.bytes.into(), content_type: "image/png" };
    shop.app.state.storage.put(file).await.unwrap();
    shop.settle(&order).await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "packing");
    let findings = shop.findings().await;
    assert!(findings.iter().any(|finding| finding.starts_with("file_changed: usergen/")), "{findings:?}");
}

#[tokio::test]
async fn a_refund_of_everything_ends_the_right_and_verification_notices_tampering() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let order = shop.bought(&shop.ken, &product).await;
    let url = shop.order_of(&shop.ken, &order).await["items"][0]["downloadUrl"].as_str().unwrap().to_owned();
    shop.deliver(&shop.stripe.refund_at_console(&shop.session_of(&order), 400)).await;
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["status"], "paid", "a part of the money changes nothing");
    shop.ken.client.get(&url).await.expect(303);
    shop.deliver(&shop.stripe.refund_at_console(&shop.session_of(&order), 600)).await;
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["status"], "refunded");
    shop.ken.client.get(&url).await.expect_problem(410, "entitlement_revoked");
    shop.all_holds().await;
    shop.app.execute("update public.design_terms set total_sold = 0;").await;
    let findings = shop.findings().await;
    assert!(findings.iter().any(|finding| finding.starts_with("counter_differs")), "{findings:?}");
}

#[tokio::test]
async fn money_whose_news_died_is_settled_by_the_sweeper() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "exclusive", 1_000).await;
    let order = shop.ordered(&shop.ken, &product).await;
    shop.refuse("before insert on public.entitlements", "").await;
    shop.settle(&order).await;
    // Its attempts ran out, and the queue has forgotten it.
    shop.app
        .execute("update public.jobs set state = 'dead', finished_at = created_at where name = 'orders.settle_order';")
        .await;
    shop.allow("entitlements").await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "processing");
    shop.app.upkeep().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "processing", "it may still come by itself");
    for _ in 0..3 {
        shop.advance(Duration::minutes(11));
        shop.app.upkeep().await;
    }
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "delivered");
    assert_eq!(shop.count("public.entitlements").await, 1);
    assert_eq!(shop.count("public.jobs where name = 'orders.settle_order'").await, 2, "asked again once");
    shop.all_holds().await;

    // The same for money that went back.
    shop.deliver(&shop.stripe.refund_at_console(&shop.session_of(&order), 1_000)).await;
    shop.refuse("before update on public.orders", "").await;
    shop.app.drain().await;
    shop.app
        .execute(
            "update public.jobs set state = 'dead', finished_at = created_at where name = 'orders.order_refunded';",
        )
        .await;
    shop.allow("orders").await;
    shop.advance(Duration::minutes(11));
    shop.app.upkeep().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["status"], "refunded");
    shop.all_holds().await;
}

#[tokio::test]
async fn a_disputed_sale_says_so_to_buyer_and_seller() {
    let shop = Fixture::open().await;
    let (_, product) = shop.on_show(1, "non-exclusive", 1_000).await;
    let order = shop.bought(&shop.ken, &product).await;
    let (browser, path) = (shop.ken.client.clone().as_browser(), format!("/orders/{order}"));
    let opened = shop.stripe.dispute(&shop.session_of(&order));
    shop.deliver(&opened).await;
    shop.app.drain().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "disputed");
    let page = browser.get(&path).await.expect(200).text();
    assert!(page.contains("異議申し立て中") && page.contains("/download"), "{page}");
    let list = browser.get("/orders").await.expect(200).text();
    assert!(list.contains("異議申し立て中"), "{list}");
    for _ in 0..3 {
        shop.advance(Duration::minutes(1));
        shop.app.upkeep().await;
    }
    let mails_about = |state: &str| format!("public.mails where dedupe_key like 'dispute/%/{state}/%'");
    assert_eq!((shop.count(&mails_about("withdrawn")).await, shop.count(&mails_about("lost")).await), (1, 0));
    let frozen: i64 = shop.app.value("select frozen_jpy::bigint from public.seller_balances").await;
    assert_eq!(frozen, 800);

    let body: serde_json::Value = serde_json::from_str(&opened[0].body).unwrap();
    let name = body["data"]["object"]["id"].as_str().unwrap();
    shop.deliver(&shop.stripe.close_dispute(&shop.session_of(&order), name, "lost")).await;
    shop.app.drain().await;
    shop.advance(Duration::minutes(1));
    shop.app.upkeep().await;
    assert_eq!(shop.order_of(&shop.ken, &order).await["progress"], "charged_back");
    assert!(browser.get(&path).await.expect(200).text().contains("カード会社が返金済み"));
    assert_eq!(shop.count(&mails_about("lost")).await, 1);
    let address =
        shop.word("select recipient_address from public.mails where dedupe_key like 'dispute/%' limit 1").await;
    assert_eq!(address, shop.hana.email);
    shop.all_holds().await;
}
