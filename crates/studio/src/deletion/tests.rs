use kernel::GenerationId;
use platform::storage::StorageKey;
use serde_json::json;
use time::Duration;

use super::{lock_original, mark_published, mark_sold, mark_unpublished};
use crate::tests::{Fixture, request_body, text};

fn id_of(asked: &serde_json::Value) -> GenerationId {
    text(&asked["id"]).parse().unwrap()
}

#[tokio::test]
async fn a_deleted_picture_is_gone_at_once_is_restorable_for_a_day_and_then_its_files_go() {
    let fixture = Fixture::new().await;
    let asked = fixture.make("regret").await;
    let path = format!("/api/generations/{}", text(&asked["id"]));
    fixture.hana.client.delete(&path).await.expect(204);
    fixture.hana.client.delete(&path).await.expect(204);
    fixture.hana.client.get(&path).await.expect_problem(404, "not_found");
    assert_eq!(fixture.hana.client.get("/api/user-gallery").await.json(), json!({"items": []}));
    let fresh = fixture.ask(&request_body("regret")).await.expect(202).json();
    assert_ne!(fresh["id"], asked["id"], "what is deleted is not served from memory");
    fixture.app.drain().await;

    fixture.app.advance(Duration::hours(23));
    fixture.hana.client.post(&format!("{path}/restore"), &json!({})).await.expect(204);
    fixture.app.advance(Duration::hours(2));
    fixture.app.drain().await;
    let back = fixture.hana.client.get(&path).await.expect(200).json();
    fixture.app.anonymous().get(text(&back["url"])).await.expect(200);

    fixture.hana.client.delete(&path).await.expect(204);
    fixture.app.advance(Duration::hours(25));
    fixture.app.state.storage.outage().begin();
    fixture.app.drain().await;
    fixture.hana.client.post(&format!("{path}/restore"), &json!({})).await.expect_problem(404, "not_found");
    fixture.app.state.storage.outage().end();
    fixture.app.advance(Duration::hours(1));
    fixture.app.drain().await;
    let stored = fixture.stored("usergen/").await;
    assert_eq!(stored.len(), 3, "only the other picture's files are left: {stored:?}");
    let gone = StorageKey::new(text(&back["path"])).unwrap();
    assert!(fixture.app.state.storage.get(&gone).await.is_err());
    let prompts: i64 = fixture.app.value("select count(*) from generations where prompt like '%regret%'").await;
    assert_eq!(prompts, 1, "what its owner wrote is forgotten with it");
}

#[tokio::test]
async fn what_is_on_show_or_sold_stays() {
    let fixture = Fixture::new().await;
    let asked = fixture.make("treasure").await;
    let (id, path) = (id_of(&asked), format!("/api/generations/{}", text(&asked["id"])));
    let ctx = fixture.app.ctx();
    let preview = StorageKey::new("public/2026/11/x/preview.png").unwrap();

    let mut tx = fixture.app.tx().await;
    let original = lock_original(&mut tx, fixture.hana.id, id).await.unwrap().unwrap();
    assert_eq!(original.file.mime_type, "image/png");
    assert_eq!(original.generation.storage_key.as_ref(), Some(&original.file.storage_key));
    assert!(lock_original(&mut tx, fixture.sora.id, id).await.unwrap().is_none());
    mark_published(&ctx, &mut tx, id, &preview).await.unwrap();
    tx.commit().await.unwrap();
    fixture.hana.client.delete(&path).await.expect_problem(409, "picture_is_published");
    let shown = fixture.hana.client.get("/api/user-gallery?public=1").await.expect(200).json();
    assert_eq!((shown["items"].as_array().unwrap().len(), &shown["items"][0]["isPublic"]), (1, &json!(true)));

    let mut tx = fixture.app.tx().await;
    mark_sold(&ctx, &mut tx, id).await.unwrap();
    mark_unpublished(&ctx, &mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    fixture.hana.client.delete(&path).await.expect_problem(409, "picture_is_sold");

    let other = fixture.make("trifle").await;
    let mut tx = fixture.app.tx().await;
    mark_published(&ctx, &mut tx, id_of(&other), &preview).await.unwrap();
    mark_unpublished(&ctx, &mut tx, id_of(&other)).await.unwrap();
    tx.commit().await.unwrap();
    fixture.hana.client.delete(&format!("/api/generations/{}", text(&other["id"]))).await.expect(204);
}

#[tokio::test]
async fn what_is_being_made_is_cancelled_and_not_deleted() {
    let fixture = Fixture::new().await;
    let asked = fixture.ask(&request_body("early")).await.expect(202).json();
    let path = format!("/api/generations/{}", text(&asked["id"]));
    fixture.hana.client.delete(&path).await.expect_problem(409, "picture_is_being_made");
    let mut tx = fixture.app.tx().await;
    assert!(lock_original(&mut tx, fixture.hana.id, id_of(&asked)).await.unwrap().is_none());
}
