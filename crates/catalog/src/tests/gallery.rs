//! The gallery: what strangers see, page by page, and what they never see.

use serde_json::{Value, json};
use time::Duration;

use super::fixture::{Fixture, text};
use crate::gallery::cache::{CHANNEL, SHARED_FOR};

async fn shop_with(count: u32) -> Fixture {
    let shop = Fixture::open().await;
    for number in 1..=count {
        let picture = shop.picture(&shop.hana, number).await;
        let tags = if number % 2 == 0 { json!(["偶数", "Ｋｉｍｏｎｏ"]) } else { json!(["奇数"]) };
        let more = json!({"title": format!("作品{number}"), "priceCents": i64::from(number) * 100, "tags": tags});
        shop.publish_as(&shop.hana, &picture, more).await.expect(200);
        // Two of three at the same moment: ties are broken by the id.
        if number % 3 == 0 {
            shop.advance(Duration::seconds(1));
        }
    }
    shop
}

async fn walk(shop: &Fixture, query: &str) -> Vec<String> {
    let (mut titles, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: Value = shop
            .app
            .anonymous()
            .get(&format!("/api/gallery/public?limit=2&{query}&cursor={cursor}"))
            .await
            .expect(200)
            .json();
        titles.extend(page["items"].as_array().unwrap().iter().map(|item| text(&item["title"])));
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return titles,
        }
    }
}

#[tokio::test]
async fn pages_of_any_depth_show_everything_once() {
    let shop = shop_with(7).await;
    let mut titles = walk(&shop, "").await;
    assert_eq!(titles.len(), 7);
    assert_eq!(titles[0], "作品7");
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 7);
    let mut even = walk(&shop, "tag=kimono").await;
    even.sort();
    assert_eq!(even, ["作品2", "作品4", "作品6"]);
    let mut middle = walk(&shop, "minPrice=300&maxPrice=500").await;
    middle.sort();
    assert_eq!(middle, ["作品3", "作品4", "作品5"]);
    assert_eq!(walk(&shop, "tag=kimono&minPrice=500").await, ["作品6"]);
    assert_eq!(walk(&shop, "free=1").await, Vec::<String>::new());
    assert_eq!(walk(&shop, "licenseType=exclusive").await, Vec::<String>::new());
    assert_eq!(walk(&shop, "tag=unknown").await, Vec::<String>::new());
    for bad in [
        "cursor=xx",
        "minPrice=abc",
        "licenseType=mine",
        "limit=-1",
        "maxPrice=99999999999",
        "tag=%00",
        "tag=a%E2%80%AEb",
    ] {
        shop.app.anonymous().get(&format!("/api/gallery/public?{bad}")).await.expect_problem(422, "invalid_input");
    }
}

#[tokio::test]
async fn an_item_has_the_shape_of_the_specification_and_no_secret() {
    let shop = shop_with(1).await;
    let answer = shop.app.anonymous().get("/api/gallery/public").await.expect(200);
    let body = answer.text();
    for secret in ["secret prompt", "usergen/", "sha256", "perceptual"] {
        assert!(!body.contains(secret), "{secret}");
    }
    let item = &answer.json()["items"][0];
    assert_eq!(
        (&item["title"], &item["tags"], &item["price"], &item["currency"], &item["status"]),
        (&json!("作品1"), &json!(["奇数"]), &json!(100), &json!("JPY"), &json!("active"))
    );
    assert_eq!(item["ownerId"], json!(shop.hana.id));
    assert_eq!(item["publishedAt"], "2026-11-20T03:00:00Z");
    shop.app.anonymous().get(&text(&item["preview"])).await.expect(200);
    for image in item["images"].as_array().unwrap() {
        shop.app.anonymous().get(&text(&image["url"])).await.expect(200);
    }
}

#[tokio::test]
async fn pages_need_no_script_and_say_what_they_sell() {
    let shop = shop_with(3).await;
    let browser = shop.app.anonymous().as_browser();
    let home = browser.get("/").await.expect(200).text();
    assert!(home.contains("作品3") && home.contains("/gallery"));
    // What cannot be read is said beside the field, with what was typed still in it.
    let gallery = browser.get("/gallery?minPrice=abc&tag=奇数").await.expect(422).text();
    assert!(gallery.contains("value=\"abc\"") && gallery.contains("<html"), "{gallery}");
    assert!(gallery.contains("作品1") && !gallery.contains("作品2") && gallery.contains("形式がちがいます"));
    let fragment = browser.get("/gallery?fragment=1").await.expect(200).text();
    browser.get("/gallery?fragment=1&minPrice=abc").await.expect(422);
    assert!(fragment.contains("id=\"pictures\"") && !fragment.contains("<html"));
    let slug = shop.word("select slug from public.products where title = '作品2'").await;
    let product = browser.get(&format!("/d/{slug}")).await.expect(200).text();
    for part in [
        "application/ld+json",
        "InStock",
        "og:image",
        "rel=\"canonical\"",
        "hreflang",
        "image/webp",
        "¥200",
        "はな工房",
        &format!("/d/{slug}/buy"),
    ] {
        assert!(product.contains(part), "{part}");
    }
    let english = shop.app.anonymous().as_browser().with_header("accept-language", "en");
    let english = english.get(&format!("/d/{slug}")).await.expect(200).text();
    assert!(english.contains("Buy this design") && english.contains("Non-exclusive"));
    for (page, name) in [(&home, "home"), (&gallery, "gallery"), (&product, "product"), (&english, "english")] {
        for key in [">home-", ">gallery-", ">product-", ">license-", "secret prompt", "usergen/"] {
            assert!(!page.contains(key), "{name} shows {key}");
        }
    }
    let id = shop.word("select id::text from public.products where title = '作品2'").await;
    assert_eq!(browser.get(&format!("/d/{id}")).await.expect(308).header("location"), format!("/d/{slug}"));
    assert_eq!(browser.get(&format!("/designs/{id}")).await.expect(308).header("location"), format!("/d/{id}"));
    for nothing in ["/d/nothing-here", "/d/%00", "/d/0192f5a0-0000-7000-8000-000000000000", "/sellers/not-an-id"] {
        browser.get(nothing).await.expect(404);
    }
    let seller = browser.get(&format!("/sellers/{}", shop.hana.id)).await.expect(200).text();
    assert!(seller.contains("作品1") && seller.contains("はな工房"));
    browser.get(&format!("/sellers/{}", shop.ken.id)).await.expect(404);
}

#[tokio::test]
async fn the_database_shows_nobody_what_is_not_theirs() {
    let shop = shop_with(1).await;
    let mut tx = shop.app.state.db.begin_as(&shop.ken.ctx).await.unwrap();
    for denied in [
        "select perceptual_hash from public.products",
        "select seller_share_basis_points from public.order_items",
        "update public.products set price_yen = 0",
        "update public.design_terms set total_sold = 0",
        "select * from public.reservations",
    ] {
        let refused = sqlx::query(denied).execute(tx.conn()).await.unwrap_err();
        let code =
            refused.as_database_error().and_then(sqlx::error::DatabaseError::code).map(std::borrow::Cow::into_owned);
        assert_eq!(code.as_deref(), Some("42501"), "{denied}");
        drop(tx);
        tx = shop.app.state.db.begin_as(&shop.ken.ctx).await.unwrap();
    }
    for nothing in ["public.product_versions", "public.product_assets", "public.licences", "public.deliveries"] {
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {nothing}")))
            .fetch_one(tx.conn())
            .await
            .unwrap();
        assert_eq!(rows, 0, "{nothing}");
    }
}

/// Whether strangers are told of a title, by the data and by the page.
async fn is_shown(shop: &Fixture, title: &str) -> (bool, bool) {
    let data = shop.app.anonymous().get("/api/gallery/public").await.expect(200).text();
    let page = shop.app.anonymous().as_browser().get("/gallery").await.expect(200).text();
    (data.contains(title), page.contains(title))
}

#[tokio::test]
async fn the_gallery_is_shared_and_never_older_than_a_change() {
    let shop = shop_with(1).await;
    assert_eq!(is_shown(&shop, "作品1").await, (true, true));
    // A word that is not announced shows that a copy answers.
    shop.app.execute("update public.user_profiles set display_name = '別の名' where display_name = 'はな工房'").await;
    assert_eq!(is_shown(&shop, "別の名").await, (false, false), "strangers share a copy");
    let own = shop.ken.client.get("/api/gallery/public").await.expect(200).text();
    assert!(own.contains("別の名"), "whoever is logged in gets no copy");

    // In the process where it happens, at once; no listener is needed for that.
    let picture = shop.word("select generation_id::text from public.products").await;
    shop.hana.client.post("/api/user-gallery/unpublish", &json!({"historyId": picture})).await.expect(200);
    assert_eq!(is_shown(&shop, "作品1").await, (false, false));
    let offer = json!({"historyId": picture, "priceCents": 300, "title": "作品1", "licenseType": "non-exclusive"});
    shop.hana.client.post("/api/user-gallery/publish", &offer).await.expect(200);
    assert_eq!(is_shown(&shop, "作品1").await, (true, true));

    // What another process does is heard on the channel, long before the copies would end.
    let app = &shop.app.state;
    app.response_cache().follow(&app.db, &app.tasks, CHANNEL);
    let listening = "select count(*) from pg_stat_activity \
                     where query ilike 'listen%gallery%' and datname = current_database()";
    while shop.app.value::<i64>(listening).await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(is_shown(&shop, "作品1").await, (true, true));
    let begun = std::time::Instant::now();
    shop.app.execute("update public.products set status = 'paused'").await;
    while is_shown(&shop, "作品1").await != (false, false) {
        assert!(begun.elapsed() < std::time::Duration::from_secs(3), "a notification drops the copies");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn without_a_listener_a_retired_product_is_gone_when_the_copies_end() {
    let shop = shop_with(1).await;
    assert_eq!(is_shown(&shop, "作品1").await, (true, true));
    shop.app.execute("update public.products set status = 'paused'").await;
    tokio::time::sleep(std::time::Duration::try_from(SHARED_FOR).unwrap()).await;
    assert_eq!(is_shown(&shop, "作品1").await, (false, false));
}
