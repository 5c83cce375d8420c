use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::ai_doubles::GeminiAnswer;
use time::Duration;

use crate::tests::{Fixture, request_body, text};

/// Many finished pictures of somebody, with an original each.
async fn fill(fixture: &Fixture, user_id: kernel::UserId, count: u32) {
    let statement = format!(
        "with made as (
           insert into public.generations
             (id, user_id, status, provider, model, prompt, aspect_ratio, seed, request_key, cache_key, width, height,
              created_at, updated_at, completed_at)
           select gen_random_uuid(), '{user_id}', 'completed', 'sketch', 'studio-illustrator-1', 'picture ' || n,
             case when n % 2 = 0 then '1:1' else '3:4' end, n, sha256(n::text::bytea), sha256(n::text::bytea), 4, 4,
             timestamptz '2026-11-01' + (n / 5) * interval '1 s', timestamptz '2026-11-01', timestamptz '2026-11-01'
           from generate_series(1, {count}) n returning id, user_id, created_at)
         insert into public.media_images
           (id, user_id, generation_id, role, storage_key, sha256, size_bytes, width, height, mime_type, created_at)
         select gen_random_uuid(), user_id, id, 'original', 'usergen/' || id || '.png', sha256('x'), 1, 4, 4, 'image/png',
           created_at from made"
    );
    fixture.app.execute(&statement).await;
}

async fn walk(fixture: &Fixture, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let page: Value =
            fixture.hana.client.get(&format!("{path}{separator}cursor={cursor}")).await.expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return items,
        }
    }
}

#[tokio::test]
async fn the_gallery_is_mine_newest_first_and_has_no_end_at_a_thousand() {
    let fixture = Fixture::new().await;
    fill(&fixture, fixture.hana.id, 1_203).await;
    fill(&fixture, fixture.sora.id, 7).await;
    let items = walk(&fixture, "/api/user-gallery?limit=500").await;
    let ids: BTreeSet<&str> = items.iter().map(|item| text(&item["id"])).collect();
    assert_eq!((items.len(), ids.len()), (1_203, 1_203));
    assert!(items.windows(2).all(|pair| text(&pair[0]["createdAt"]) >= text(&pair[1]["createdAt"])));
    for name in ["key", "url", "size", "lastModified"] {
        assert!(!items[0][name].is_null(), "{name}: {}", items[0]);
    }
    assert_eq!(walk(&fixture, "/api/user-gallery?ratio=1:1&limit=1000").await.len(), 601);
    assert_eq!(walk(&fixture, "/api/user-gallery?kind=advertisement").await.len(), 0);
    assert_eq!(walk(&fixture, "/api/user-gallery?public=0&kind=wardrobe&limit=1000").await.len(), 1_203);
    for bad in ["kind=hat", "ratio=7:5", "public=perhaps", "cursor=x", "limit=-1"] {
        fixture.hana.client.get(&format!("/api/user-gallery?{bad}")).await.expect_problem(422, "invalid_input");
    }
}

#[tokio::test]
async fn what_failed_or_waits_is_not_in_the_gallery() {
    let fixture = Fixture::new().await;
    fixture.gemini.answer_next([GeminiAnswer::Blocked("SAFETY")]);
    fixture.ask(&request_body("bad")).await.expect(202);
    fixture.app.drain().await;
    fixture.ask(&request_body("later")).await.expect(202);
    assert_eq!(walk(&fixture, "/api/user-gallery").await.len(), 0);
    let page = fixture.hana.client.clone().as_browser().get("/me").await.expect(200).text();
    assert!(page.contains("制作中") && page.contains("おつくりできず"), "{page}");
}

#[tokio::test]
async fn my_page_shows_cards_and_leads_on() {
    let fixture = Fixture::new().await;
    let browser = fixture.hana.client.clone().as_browser();
    let empty = browser.get("/me").await.expect(200).text();
    assert!(empty.contains("/studio") && !empty.contains("id=\"pictures\""));
    let made = fixture.make("shown").await;
    fill(&fixture, fixture.hana.id, 30).await;
    let page = browser.get("/me").await.expect(200).text();
    assert!(page.contains(&format!("/me/{}", text(&made["id"]))) && page.contains("rel=\"next\""), "{page}");
    assert!(page.contains("エレガント"), "answers are shown in the reader's words");
    assert!(page.contains("noindex"));
    fixture.app.anonymous().as_browser().get("/me").await.expect(303);
}

#[tokio::test]
async fn a_picture_has_a_page_with_everything_to_do() {
    let fixture = Fixture::new().await;
    let browser = fixture.hana.client.clone().as_browser();
    let asked = fixture.ask(&request_body("linen <b>bold</b>")).await.expect(202).json();
    let path = format!("/me/{}", text(&asked["id"]));
    let waiting = browser.get(&path).await.expect(200);
    assert_eq!(waiting.header("refresh"), "3");
    assert!(waiting.text().contains("順番を待っています"));
    fixture.app.drain().await;

    let page = browser.get(&path).await.expect(200);
    assert_eq!(page.header("refresh"), "");
    let page = page.text();
    assert!(page.contains("single model, one person only") && page.contains("linen &#60;b&#62;bold"), "{page}");
    for action in ["/publish", "/original", "/again", "/delete"] {
        assert!(page.contains(&format!("{path}{action}")), "{action}");
    }
    let download = browser.get(&format!("{path}/original")).await.expect(303);
    let file = fixture.app.anonymous().get(download.header("location")).await.expect(200);
    assert!(file.header("content-disposition").contains("machiya-"), "{:?}", file.headers);

    let again = browser.post_form(&format!("{path}/again"), &json!({})).await.expect(303);
    assert_ne!(again.header("location"), path);
    let square = browser.post_form(&format!("{path}/again"), &json!({"aspectRatio": "1:1"})).await.expect(303);
    fixture.app.drain().await;
    let square: Value = fixture
        .hana
        .client
        .get(&square.header("location").replace("/me/", "/api/generations/"))
        .await
        .expect(200)
        .json();
    assert_eq!((&square["aspectRatio"], &square["width"]), (&json!("1:1"), &json!(1024)));
    browser.post_form(&format!("{path}/again"), &json!({"aspectRatio": "5:9"})).await.expect(422);

    let deleted = browser.post_form(&format!("{path}/delete"), &json!({"confirmed": "yes"})).await.expect(303);
    let list = browser.get(deleted.header("location")).await.expect(200).text();
    assert!(list.contains(&format!("{path}/restore")), "the way back is offered");
    browser.get(&path).await.expect(404);
    browser.post_form(&format!("{path}/restore"), &json!({})).await.expect(303);
    browser.get(&path).await.expect(200);
    fixture.sora.client.clone().as_browser().get(&path).await.expect(404);
    fixture.sora.client.clone().as_browser().post_form(&format!("{path}/delete"), &json!({})).await.expect(404);
}

#[tokio::test]
async fn the_studio_works_as_a_plain_form() {
    let fixture = Fixture::new().await;
    let browser = fixture.hana.client.clone().as_browser();
    let page = browser.get("/studio?vibe=street&color=navy&color=ivory&extra=denim").await.expect(200).text();
    assert!(page.contains("street vibe, palette: navy, ivory") && page.contains("ストリート"), "{page}");
    assert!(page.matches("checked").count() >= 4, "what was chosen stays chosen");
    let english = fixture.sora.client.clone().as_browser().get("/studio").await.expect(200).text();
    assert!(english.contains("What mood is it in?") && english.contains("Avant-garde"));

    let fields =
        [("vibe", "street"), ("color", "navy"), ("color", "ivory"), ("extra", "denim"), ("aspectRatio", "9:16")];
    let sent = browser.post_form("/studio", &fields).await.expect(303);
    fixture.app.drain().await;
    let made = sent.header("location").replace("/me/", "/api/generations/");
    let made: Value = fixture.hana.client.get(&made).await.expect(200).json();
    assert_eq!((&made["status"], &made["aspectRatio"]), (&json!("completed"), &json!("9:16")));
    assert!(text(&made["prompt"]).contains("palette: navy, ivory"));
    let cached = browser.post_form("/studio", &fields).await.expect(303);
    assert!(cached.header("location").ends_with("?cached=1"));

    let long = "x".repeat(401);
    let wrong = browser.post_form("/studio", &[("vibe", "street"), ("extra", long.as_str())]).await.expect(422).text();
    assert!(wrong.contains("400文字以内") && wrong.contains(&long), "what was typed stays");
    let stranger = fixture.app.anonymous().as_browser();
    stranger.get("/studio").await.expect(200);
    let sent = stranger.post_form("/studio", &fields).await.expect(303);
    assert!(
        sent.header("location").starts_with("/login?next=%2Fstudio%3Fvibe%3Dstreet"),
        "{}",
        sent.header("location")
    );
    fixture.app.advance(Duration::SECOND);
}
