use std::collections::BTreeSet;

use platform::storage::{NewFile, StorageKey};
use serde_json::Value;
use time::Duration;

use crate::tests::{Fixture, text};

async fn put(fixture: &Fixture, key: &str) {
    let key = StorageKey::new(key).unwrap();
    let new = NewFile { key, bytes: testkit::ai_doubles::png(4, 4, 1).into(), content_type: "image/png" };
    fixture.app.state.storage.put(new).await.unwrap();
}

#[tokio::test]
async fn the_catalogue_follows_the_storage_and_is_for_everyone() {
    let fixture = Fixture::new().await;
    for key in ["catalog/a.png", "catalog/deep/b.webp", "catalog/c.jpeg", "catalog/notes.txt", "usergen/x/secret.png"] {
        put(&fixture, key).await;
    }
    fixture.app.upkeep().await;
    let items = fixture.app.anonymous().get("/api/catalog").await.expect(200).json();
    let keys: BTreeSet<&str> = items["items"].as_array().unwrap().iter().map(|item| text(&item["key"])).collect();
    assert_eq!(keys, BTreeSet::from(["catalog/a.png", "catalog/deep/b.webp", "catalog/c.jpeg"]));
    let first = &items["items"][0];
    assert!(first["size"].as_i64().unwrap() > 0 && text(&first["lastModified"]).ends_with('Z'));
    fixture.app.anonymous().get(text(&first["url"])).await.expect(200);

    fixture.app.state.storage.delete(&StorageKey::new("catalog/a.png").unwrap()).await.unwrap();
    put(&fixture, "catalog/d.png").await;
    fixture.app.advance(Duration::minutes(11));
    fixture.app.upkeep().await;
    let items = fixture.app.anonymous().get("/api/catalog").await.expect(200).json();
    let keys: BTreeSet<&str> = items["items"].as_array().unwrap().iter().map(|item| text(&item["key"])).collect();
    assert_eq!(keys, BTreeSet::from(["catalog/d.png", "catalog/deep/b.webp", "catalog/c.jpeg"]));
}

#[tokio::test]
async fn it_has_no_end_at_a_thousand() {
    let fixture = Fixture::new().await;
    fixture
        .app
        .execute(
            "insert into public.catalog_files (id, storage_key, size_bytes, modified_at)
             select gen_random_uuid(), 'catalog/' || n || '.png', n, timestamptz '2026-11-01' + (n / 3) * interval '1 s'
             from generate_series(1, 2345) n",
        )
        .await;
    let (mut seen, mut cursor, mut last) = (BTreeSet::new(), String::new(), String::from("9999"));
    loop {
        let page: Value =
            fixture.app.anonymous().get(&format!("/api/catalog?limit=1000&cursor={cursor}")).await.expect(200).json();
        for item in page["items"].as_array().unwrap() {
            assert!(text(&item["lastModified"]) <= last.as_str(), "newest first");
            text(&item["lastModified"]).clone_into(&mut last);
            assert!(seen.insert(text(&item["key"]).to_owned()), "nothing twice");
        }
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(seen.len(), 2345);
    fixture.app.anonymous().get("/api/catalog?cursor=zzz").await.expect_problem(422, "invalid_input");
    fixture.app.anonymous().get("/api/catalog?limit=many").await.expect_problem(422, "invalid_input");
}
