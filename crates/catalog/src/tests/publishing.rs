//! Publishing: what is made, what is refused, what is left behind.

use media::images::inspect;
use serde_json::json;
use time::Duration;

use super::fixture::{Fixture, text};

#[tokio::test]
async fn publishing_shows_a_watermarked_preview_and_keeps_the_original() {
    let shop = Fixture::open().await;
    let picture = shop.picture(&shop.hana, 1).await;
    let published = shop.publish(&picture, "non-exclusive", 1_200).await.expect(200).json();
    let preview = text(&published["previewUrl"]);
    assert!(preview.starts_with(&format!("{}/files/public/2026/11/{}/", shop.app.url, shop.hana.id)), "{preview}");
    assert!(preview.ends_with(".png"));
    let shown = shop.app.anonymous().get(&preview).await.expect(200);
    assert_eq!(shown.header("content-type"), "image/png");
    let facts = inspect(&shown.bytes).unwrap();
    assert_eq!((facts.width_px, facts.height_px), (480, 640), "never enlarged");
    assert_ne!(shown.bytes.as_ref(), picture.bytes.as_slice());
    let credentials = shop.catalog.seal().verify(&shown.bytes).unwrap();
    assert!(credentials.has_parent, "{credentials:?}");
    // WebP and JPEG lie beside it, and each says where it comes from.
    let variants = shop.app.state.storage.list("public").await.unwrap();
    let endings: Vec<&str> =
        variants.iter().filter_map(|key| key.as_str().rsplit_once('_').map(|(_, end)| end)).collect();
    for ending in ["w320.webp", "w320.jpg", "w480.webp", "w480.jpg"] {
        assert!(endings.contains(&ending), "{endings:?}");
    }
    assert_eq!(variants.len(), 5);
    for key in &variants {
        let bytes = shop.app.state.storage.get(key).await.unwrap();
        assert!(shop.catalog.seal().verify(&bytes).is_ok(), "{key}");
    }
    // The original stays where only its owner's links lead.
    shop.app.anonymous().get(&format!("/files/{}", picture.key)).await.expect_problem(404, "not_found");
    let state = shop
        .word(&format!(
            "select is_public::text || ' ' || kept_reason || ' ' || (preview_path is not null)::text
           from public.generations where id = '{}'",
            picture.id
        ))
        .await;
    assert_eq!(state, "true published true");
    assert_eq!(
        shop.word(&format!("select role from public.user_profiles where user_id = '{}'", shop.hana.id)).await,
        "seller"
    );
    let version = shop.word("select license_type || ' ' || prompt_snapshot from public.product_versions").await;
    assert_eq!(version, "non-exclusive a secret prompt 1");
    assert_eq!(shop.count("public.audit_logs where action = 'products.publish'").await, 1);
    shop.all_holds().await;
}

#[tokio::test]
async fn what_cannot_be_published_says_why() {
    let shop = Fixture::open().await;
    let picture = shop.picture(&shop.hana, 1).await;
    shop.app.anonymous().post("/api/user-gallery/publish", &json!({})).await.expect_problem(401, "unauthorized");
    shop.publish_as(&shop.ken, &picture, json!({})).await.expect_problem(404, "not_found");
    shop.publish_as(&shop.hana, &picture, json!({"historyId": "0192f5a0-0000-7000-8000-000000000000"}))
        .await
        .expect_problem(404, "not_found");
    let bad = [
        (json!({"priceCents": 49}), "priceCents", "price_too_low"),
        (json!({"priceCents": -50}), "priceCents", "price_too_low"),
        (json!({"priceCents": 10_000_000}), "priceCents", "too_large"),
        (json!({"priceCents": "1200"}), "priceCents", "wrong_type"),
        (json!({"priceCents": 99.5}), "priceCents", "wrong_type"),
        (json!({"title": "a\u{0}b"}), "title", "unprintable"),
        (json!({"title": "\u{202e}drow"}), "title", "unprintable"),
        (json!({"title": "  "}), "title", "required"),
        (json!({"title": "あ".repeat(121)}), "title", "too_long"),
        (json!({"licenseType": "mine"}), "licenseType", "unknown_value"),
        (json!({"licenseType": "exclusive", "maxSales": 2}), "maxSales", "exclusive_is_sold_once"),
        (json!({"maxSales": 0}), "maxSales", "too_small"),
        (json!({"tags": ["x\u{2066}y"]}), "tags", "unprintable"),
        (json!({"historyId": "../../etc/passwd"}), "historyId", "wrong_type"),
    ];
    for (more, field, code) in bad {
        let answer =
            shop.publish_as(&shop.hana, &picture, more.clone()).await.expect_problem(422, "invalid_input").json();
        assert_eq!(
            (&answer["fields"][0]["field"], &answer["fields"][0]["error"]),
            (&json!(field), &json!(code)),
            "{more}"
        );
        assert!(!text(&answer["fields"][0]["message"]).starts_with("field-"), "{answer}");
    }
    shop.publish(&picture, "non-exclusive", 0).await.expect(200);
    shop.publish(&picture, "non-exclusive", 500).await.expect_problem(409, "already_published");
    let other = shop.picture(&shop.hana, 2).await;
    shop.app.ban(&shop.hana).await;
    shop.publish(&other, "non-exclusive", 500).await.expect_problem(403, "account_banned");
    assert_eq!(shop.count("public.products").await, 1);
}

#[tokio::test]
async fn unpublishing_and_publishing_again_under_new_terms() {
    let shop = Fixture::open().await;
    let (picture, product) = shop.on_show(1, "non-exclusive", 1_200).await;
    let slug = shop.word("select slug from public.products").await;
    shop.app.anonymous().get(&format!("/d/{slug}")).await.expect(200);
    let body = json!({"historyId": picture.id});
    shop.ken.client.post("/api/user-gallery/unpublish", &body).await.expect_problem(404, "not_found");
    for _ in 0..2 {
        let done = shop.hana.client.post("/api/user-gallery/unpublish", &body).await.expect(200).json();
        assert_eq!(done, json!({"ok": true}));
    }
    assert_eq!(
        shop.word("select status || ' ' || (select is_public from public.generations)::text from public.products")
            .await,
        "paused false"
    );
    assert_eq!(shop.app.anonymous().get("/api/gallery/public").await.expect(200).json()["items"], json!([]));
    shop.app.anonymous().get(&format!("/d/{slug}")).await.expect_problem(410, "gone");
    shop.hana.client.get(&format!("/d/{slug}")).await.expect(200);
    let again = shop
        .publish_as(&shop.hana, &picture, json!({"priceCents": 3_000, "licenseType": "single-use", "maxSales": 5}))
        .await
        .expect(200)
        .json();
    assert_eq!(again["listingId"], product.as_str());
    let state = shop.word("select status || ' ' || current_version || ' ' || price_yen from public.products").await;
    assert_eq!(state, "active 2 3000");
    assert_eq!(shop.count("public.product_versions").await, 2);
    shop.all_holds().await;
}

#[tokio::test]
async fn storage_that_is_down_publishes_nothing() {
    let shop = Fixture::open().await;
    let picture = shop.picture(&shop.hana, 1).await;
    shop.app.state.storage.outage().begin();
    let answer = shop.publish(&picture, "non-exclusive", 1_200).await.expect_problem(503, "storage_unavailable");
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(shop.count("public.products").await, 0);
    assert_eq!(shop.word("select is_public::text from public.generations").await, "false");
    shop.app.state.storage.outage().end();
    shop.publish(&picture, "non-exclusive", 1_200).await.expect(200);
    shop.all_holds().await;
}

#[tokio::test]
async fn files_of_a_publication_that_broke_off_are_swept() {
    let shop = Fixture::open().await;
    let picture = shop.picture(&shop.hana, 1).await;
    shop.publish(&picture, "non-exclusive", 1_200).await.expect(200);
    assert_eq!(shop.app.state.storage.list("public").await.unwrap().len(), 5);
    shop.advance(Duration::hours(25));
    shop.app.drain().await;
    assert_eq!(shop.app.state.storage.list("public").await.unwrap().len(), 5, "what is shown stays");
    // As if the process had died between storing and recording.
    let broken = shop.picture(&shop.hana, 2).await;
    shop.refuse("before insert on public.products", "").await;
    shop.publish(&broken, "non-exclusive", 1_200).await.expect_problem(500, "internal_error");
    assert_eq!(shop.app.state.storage.list("public").await.unwrap().len(), 10);
    shop.advance(Duration::hours(25));
    shop.app.drain().await;
    assert_eq!(shop.app.state.storage.list("public").await.unwrap().len(), 5);
}

#[tokio::test]
async fn the_form_works_without_script_and_keeps_what_was_typed() {
    let shop = Fixture::open().await;
    let picture = shop.picture(&shop.hana, 1).await;
    let path = format!("/me/{}/publish", picture.id);
    let hana = shop.hana.client.clone().as_browser();
    let page = hana.get(&path).await.expect(200).text();
    for part in ["name=\"licenseType\"", "value=\"exclusive\"", "name=\"price\"", "はな工房", "signature="] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("a secret prompt") && !page.contains(">license-") && !page.contains(">publish-"), "{page}");
    shop.ken.client.clone().as_browser().get(&path).await.expect(404);
    let typed = [
        ("title", "わたしの<服>"),
        ("price", "４９"),
        ("licenseType", "exclusive"),
        ("tags", "春、夏"),
        ("description", ""),
    ];
    let refused = hana.post_form(&path, &typed).await.expect(422).text();
    assert!(
        refused.contains("わたしの&#60;服&#62;") || refused.contains("わたしの&lt;服&gt;"),
        "typed text stays, harmless"
    );
    assert!(refused.contains("春、夏") && refused.contains("50円以上"));
    let typed = [
        ("title", "わたしの服"),
        ("price", "１，２００円"),
        ("licenseType", "exclusive"),
        ("tags", "春、夏"),
        ("description", ""),
    ];
    let done = hana.post_form(&path, &typed).await.expect(303);
    let product = hana.get(done.header("location")).await.expect(200).text();
    assert!(product.contains("わたしの服") && product.contains("¥1,200") && product.contains("独占"));
    let off = format!("/me/{}/unpublish", picture.id);
    assert_eq!(hana.post_form(&off, &[("confirmed", "yes")]).await.expect(303).header("location"), "/me");
    assert_eq!(shop.word("select status from public.products").await, "paused");
}

#[tokio::test]
async fn two_attempts_at_once_are_one_publication() {
    let shop = Fixture::open().await;
    let picture = shop.picture(&shop.hana, 1).await;
    let (one, other) =
        tokio::join!(shop.publish(&picture, "non-exclusive", 1_200), shop.publish(&picture, "non-exclusive", 1_200));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(shop.count("public.products").await, 1);
    assert_eq!(shop.count("public.product_versions").await, 1);
}

#[tokio::test]
async fn what_was_typed_survives_a_session_that_has_ended() {
    let shop = Fixture::open().await;
    let picture = shop.picture(&shop.hana, 1).await;
    let action = format!("/me/{}/publish", picture.id);
    let description = "一行目\r\n\"二行目\" <b>&amp;</b>";
    let typed = [
        ("title", "春の<庭>"),
        ("licenseType", "single-use"),
        ("maxSales", "３"),
        ("price", "1,200円"),
        ("tags", "春、Dress"),
        ("description", description),
    ];
    let stranger = shop.app.anonymous().as_browser();
    let page = stranger.post_form(&action, &typed).await.expect(401).text();
    assert!(page.contains("href=\"/login?next=/me\"") && page.contains(&format!("action=\"{action}\"")), "{page}");
    // The page carries every field, to the letter, and nothing of it as markup.
    assert!(!page.contains("<庭>") && !page.contains("<b>"), "{page}");
    let carried: Vec<(String, String)> = typed
        .iter()
        .map(|(name, value)| {
            let start = page.find(&format!("<input type=\"hidden\" name=\"{name}\" value=\"")).expect(name);
            let rest = page[start..].split_once("value=\"").unwrap().1;
            let text = rest.split_once('"').unwrap().0;
            let plain = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&");
            assert_eq!(plain, *value, "{name}");
            ((*name).to_owned(), plain)
        })
        .collect();
    // Pressed before the log-in, the page comes again; after it, the picture is published as it was typed.
    let again: Vec<(&str, &str)> = carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    stranger.post_form(&action, &again).await.expect(401);
    let done = shop.hana.client.clone().as_browser().post_form(&action, &again).await.expect(303);
    assert!(done.header("location").starts_with("/d/"), "{}", done.header("location"));
    let kept = "select p.title || '|' || t.license_type || '|' || t.max_sales || '|' || p.price_yen
                  from public.products p join public.design_terms t on t.product_id = p.id";
    assert_eq!(shop.word(kept).await, "春の<庭>|single-use|3|1200");
    shop.all_holds().await;
}
