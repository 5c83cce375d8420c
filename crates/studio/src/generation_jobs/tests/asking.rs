use media::content_address::ContentAddress;
use media::images::{PictureFormat, inspect};
use media::provenance::{SourceType, Trust};
use platform::storage::StorageKey;
use serde_json::json;
use time::Duration;

use crate::tests::{Bench, text, wish};
use crate::wardrobe::NEGATIVE;

#[tokio::test]
async fn a_wish_becomes_a_stored_signed_private_picture() {
    let bench = Bench::new().await;
    let asked = bench.ask(&wish("linen")).await.expect(202).json();
    assert_eq!((&asked["status"], &asked["cached"]), (&json!("queued"), &json!(false)));
    assert_eq!(text(&asked["eventsUrl"]), format!("/api/jobs/{}/events", text(&asked["jobId"])));
    assert!(asked.get("url").is_none() && asked.get("path").is_none());

    bench.app.drain().await;
    let job = bench.job(&asked).await;
    assert_eq!((&job["status"], &job["percent"]), (&json!("completed"), &json!(100)));

    let made = bench.generation(&asked).await;
    let prompt = text(&made["prompt"]);
    assert!(prompt.contains("elegant vibe, a-line silhouette, palette: navy, ivory, for office, spring"), "{prompt}");
    assert!(prompt.ends_with(&format!("{NEGATIVE}. linen")));
    let sent = bench.gemini.requests().remove(0);
    assert_eq!(sent.body["contents"][0]["parts"][0]["text"], format!("{prompt}. hats"));
    assert_eq!(sent.path_and_query, "/v1beta/models/gemini-nano-banana-2.1:generateContent");
    assert_eq!((&made["provider"], &made["model"]), (&json!("gemini"), &json!("gemini-nano-banana-2.1")));
    assert_eq!((&made["width"], &made["height"], &made["isPublic"]), (&json!(896), &json!(1200), &json!(false)));

    let path = text(&made["path"]);
    let stem = path.strip_suffix(".png").unwrap();
    let parts: Vec<&str> = stem.split('/').collect();
    assert_eq!(&parts[..4], ["usergen", &bench.hana.id.to_string(), "2026", "11"]);
    let (unix_ms, name) = parts[4].split_once('_').unwrap();
    assert!(unix_ms.parse::<i64>().is_ok() && name.parse::<uuid::Uuid>().is_ok(), "{path}");
    assert_eq!(bench.stored("usergen/").await.len(), 3, "the original and two thumbnails beside it");

    let original = bench.app.state.storage.get(&StorageKey::new(path).unwrap()).await.unwrap();
    assert_eq!(inspect(&original).unwrap().format, PictureFormat::Png);
    let checksum: Vec<u8> = bench.app.value("select sha256 from media_images where role = 'original'").await;
    assert_eq!(checksum, ContentAddress::of(&original).as_bytes());
    let credentials = bench.studio.seal.verify(&original).unwrap();
    assert_eq!(
        (credentials.trust, credentials.source_type),
        (Trust::Trusted, Some(SourceType::TrainedAlgorithmicMedia))
    );

    let link = bench.app.anonymous().get(text(&made["url"])).await.expect(200);
    assert_eq!(link.header("content-type"), "image/png");
    assert_eq!(link.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(link.bytes, original);
    let bare = text(&made["url"]).split('?').next().unwrap();
    assert_eq!(bench.hana.client.get(bare).await.status.as_u16(), 404, "without a signature there is nothing");
    bench.app.advance(Duration::hours(2));
    assert_ne!(bench.app.anonymous().get(text(&made["url"])).await.status.as_u16(), 200, "a link ends");
}

#[tokio::test]
async fn waiting_answers_with_the_picture() {
    let bench = Bench::new().await;
    bench.app.state.tasks.spawn(bench.app.worker().run());
    let made = bench.hana.client.post("/api/nano/generate?wait=30", &wish("silk")).await.expect(200).json();
    assert_eq!((&made["cached"], &made["status"]), (&json!(false), &json!("completed")));
    for name in ["id", "url", "path", "jobId", "thumbnailUrl"] {
        assert!(made[name].is_string(), "{name}: {made}");
    }
    bench.app.anonymous().get(text(&made["url"])).await.expect(200);
}

#[tokio::test]
async fn the_same_wish_is_remembered_for_a_day_for_the_same_person() {
    let bench = Bench::new().await;
    let first = bench.make("wool").await;
    let again = bench.ask(&wish("wool")).await.expect(200).json();
    assert_eq!((&again["id"], &again["cached"]), (&first["id"], &json!(true)));
    assert_eq!(again["jobId"], first["jobId"]);
    bench.app.anonymous().get(text(&again["url"])).await.expect(200);

    for other in [json!({"aspectRatio": "1:1"}), json!({"model": "gemini-3-pro-image"}), json!({"negative": "shoes"})] {
        let mut wish = wish("wool");
        wish.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        bench.ask(&wish).await.expect(202);
    }
    bench.sora.client.post("/api/nano/generate", &wish("wool")).await.expect(202);

    bench.app.advance(Duration::hours(23));
    bench.ask(&wish("wool")).await.expect(200);
    bench.app.advance(Duration::hours(2));
    let next_day = bench.ask(&wish("wool")).await.expect(202).json();
    assert_ne!(next_day["id"], first["id"]);
}

#[tokio::test]
async fn another_one_is_another_one() {
    let bench = Bench::new().await;
    let first = bench.make("wool").await;
    let mut again = wish("wool");
    again["again"] = json!(true);
    let second = bench.ask(&again).await.expect(202).json();
    bench.app.drain().await;
    let third = bench.ask(&again).await.expect(202).json();
    bench.app.drain().await;
    let seeds = [bench.generation(&first).await, bench.generation(&second).await, bench.generation(&third).await];
    let seeds = seeds.map(|made| (made["seed"].as_i64().unwrap(), made["variation"].as_i64().unwrap()));
    assert_eq!(seeds.map(|(_, variation)| variation), [0, 1, 2]);
    assert!(seeds[0].0 != seeds[1].0 && seeds[1].0 != seeds[2].0, "{seeds:?}");
    assert_eq!(bench.gemini.pictures_made(), 3);
}

#[tokio::test]
async fn the_same_wish_many_times_at_once_is_made_once() {
    let bench = Bench::new().await;
    let wish = wish("tweed");
    let answers = futures::future::join_all((0..12).map(|_| bench.ask(&wish))).await;
    let ids: std::collections::BTreeSet<String> =
        answers.into_iter().map(|answer| text(&answer.expect(202).json()["id"]).to_owned()).collect();
    assert_eq!(ids.len(), 1);
    bench.app.drain().await;
    assert_eq!(bench.gemini.pictures_made(), 1);
    assert_eq!(bench.app.value::<i64>("select count(*) from generations").await, 1);
    assert_eq!(bench.app.value::<i64>("select count(*) from ai_jobs").await, 1);
}

#[tokio::test]
async fn a_key_makes_a_repetition_harmless() {
    let bench = Bench::new().await;
    let client = bench.hana.client.clone().with_header("idempotency-key", "k-1");
    let mut again = wish("felt");
    again["again"] = json!(true);
    let first = client.post("/api/nano/generate", &again).await.expect(202).json();
    let second = client.post("/api/nano/generate", &again).await.expect(202).json();
    assert_eq!(first, second);
    client.post("/api/nano/generate", &wish("other")).await.expect_problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn the_hour_has_an_end_and_what_is_remembered_does_not_count() {
    let bench = Bench::with_settings(&[("MACHIYA_GENERATIONS_PER_HOUR", "8")]).await;
    bench.make("one").await;
    bench.ask(&wish("two")).await.expect(202);
    let refused = bench.ask(&wish("three")).await.expect_problem(429, "too_many_requests");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() <= 450);
    bench.ask(&wish("one")).await.expect(200);
    bench.ask(&wish("two")).await.expect(202);
    bench.sora.client.post("/api/nano/generate", &wish("three")).await.expect(202);
    bench.app.advance(Duration::minutes(8));
    bench.ask(&wish("three")).await.expect(202);
}

#[tokio::test]
async fn the_program_draws_by_itself_without_any_key() {
    let bench = Bench::with_settings(&[("MACHIYA_IMAGE_PROVIDER", "sketch")]).await;
    let asked = bench.make("lace").await;
    let made = bench.generation(&asked).await;
    assert_eq!((&made["provider"], &made["width"], &made["height"]), (&json!("sketch"), &json!(960), &json!(1280)));
    assert!(bench.gemini.requests().is_empty());
    let original = bench.app.state.storage.get(&StorageKey::new(text(&made["path"])).unwrap()).await.unwrap();
    let credentials = bench.studio.seal.verify(&original).unwrap();
    assert_eq!(credentials.source_type, Some(SourceType::AlgorithmicMedia), "it does not claim to be made by AI");
}
