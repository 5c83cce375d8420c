use media::content_address::ContentAddress;
use media::images::{PictureFormat, inspect};
use media::provenance::{SourceType, Trust};
use platform::storage::StorageKey;
use serde_json::json;
use time::Duration;

use crate::tests::{Fixture, GENERATE, request_body, text};
use crate::wardrobe::build_prompt::NEGATIVE;

#[tokio::test]
async fn a_request_becomes_a_stored_signed_private_picture() {
    let fixture = Fixture::new().await;
    let asked = fixture.ask(&request_body("linen")).await.expect(202).json();
    assert_eq!((&asked["status"], &asked["cached"]), (&json!("queued"), &json!(false)));
    assert_eq!(text(&asked["eventsUrl"]), format!("/api/jobs/{}/events", text(&asked["jobId"])));
    assert!(asked.get("url").is_none() && asked.get("path").is_none());

    fixture.app.drain().await;
    let job = fixture.job(&asked).await;
    assert_eq!((&job["status"], &job["percent"]), (&json!("completed"), &json!(100)));

    let made = fixture.generation(&asked).await;
    let prompt = text(&made["prompt"]);
    assert!(prompt.contains("elegant vibe, a-line silhouette, palette: navy, ivory, for office, spring"), "{prompt}");
    assert!(prompt.ends_with(&format!("{NEGATIVE}. linen")));
    let sent = fixture.gemini.requests().remove(0);
    assert_eq!(sent.body["contents"][0]["parts"][0]["text"], format!("{prompt}. hats"));
    assert_eq!(sent.path_and_query, "/v1beta/models/gemini-nano-banana-2.1:generateContent");
    assert_eq!((&made["provider"], &made["model"]), (&json!("gemini"), &json!("gemini-nano-banana-2.1")));
    assert_eq!((&made["width"], &made["height"], &made["isPublic"]), (&json!(896), &json!(1200), &json!(false)));

    let path = text(&made["path"]);
    let stem = path.strip_suffix(".png").unwrap();
    let parts: Vec<&str> = stem.split('/').collect();
    assert_eq!(&parts[..4], ["usergen", &fixture.hana.id.to_string(), "2026", "11"]);
    let (unix_ms, name) = parts[4].split_once('_').unwrap();
    assert!(unix_ms.parse::<i64>().is_ok() && name.parse::<uuid::Uuid>().is_ok(), "{path}");
    assert_eq!(fixture.stored("usergen/").await.len(), 3, "the original and two thumbnails beside it");

    let original = fixture.app.state.storage.get(&StorageKey::new(path).unwrap()).await.unwrap();
    assert_eq!(inspect(&original).unwrap().format, PictureFormat::Png);
    let checksum: Vec<u8> = fixture.app.value("select sha256 from media_images where role = 'original'").await;
    assert_eq!(checksum, ContentAddress::of(&original).as_bytes());
    let credentials = fixture.studio.seal.verify(&original).unwrap();
    assert_eq!(
        (credentials.trust, credentials.source_type),
        (Trust::Trusted, Some(SourceType::TrainedAlgorithmicMedia))
    );

    let link = fixture.app.anonymous().get(text(&made["url"])).await.expect(200);
    assert_eq!(link.header("content-type"), "image/png");
    assert_eq!(link.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(link.bytes, original);
    let bare = text(&made["url"]).split('?').next().unwrap();
    assert_eq!(fixture.hana.client.get(bare).await.status.as_u16(), 404, "without a signature there is nothing");
    fixture.app.advance(Duration::hours(2));
    assert_ne!(fixture.app.anonymous().get(text(&made["url"])).await.status.as_u16(), 200, "a link ends");
}

#[tokio::test]
async fn waiting_answers_with_the_picture() {
    let fixture = Fixture::new().await;
    fixture.app.state.tasks.spawn(fixture.app.worker().run());
    let made = fixture.hana.client.post("/api/nano/generate", &request_body("silk")).await.expect(200).json();
    assert_eq!((&made["cached"], &made["status"]), (&json!(false), &json!("completed")));
    for name in ["id", "url", "path", "jobId", "thumbnailUrl"] {
        assert!(made[name].is_string(), "{name}: {made}");
    }
    fixture.app.anonymous().get(text(&made["url"])).await.expect(200);
}

#[tokio::test]
async fn the_same_request_is_remembered_for_a_day_for_the_same_person() {
    let fixture = Fixture::new().await;
    let first = fixture.make("wool").await;
    let again = fixture.ask(&request_body("wool")).await.expect(200).json();
    assert_eq!((&again["id"], &again["cached"]), (&first["id"], &json!(true)));
    assert_eq!(again["jobId"], first["jobId"]);
    fixture.app.anonymous().get(text(&again["url"])).await.expect(200);

    for other in [json!({"aspectRatio": "1:1"}), json!({"model": "gemini-3-pro-image"}), json!({"negative": "shoes"})] {
        let mut body = request_body("wool");
        body.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        fixture.ask(&body).await.expect(202);
    }
    fixture.sora.client.post(GENERATE, &request_body("wool")).await.expect(202);

    fixture.app.advance(Duration::hours(23));
    fixture.ask(&request_body("wool")).await.expect(200);
    fixture.app.advance(Duration::hours(2));
    let next_day = fixture.ask(&request_body("wool")).await.expect(202).json();
    assert_ne!(next_day["id"], first["id"]);
}

#[tokio::test]
async fn another_one_is_another_one() {
    let fixture = Fixture::new().await;
    let first = fixture.make("wool").await;
    let mut again = request_body("wool");
    again["again"] = json!(true);
    let second = fixture.ask(&again).await.expect(202).json();
    fixture.app.drain().await;
    let third = fixture.ask(&again).await.expect(202).json();
    fixture.app.drain().await;
    let seeds = [fixture.generation(&first).await, fixture.generation(&second).await, fixture.generation(&third).await];
    let seeds = seeds.map(|made| (made["seed"].as_i64().unwrap(), made["variation"].as_i64().unwrap()));
    assert_eq!(seeds.map(|(_, variation)| variation), [0, 1, 2]);
    assert!(seeds[0].0 != seeds[1].0 && seeds[1].0 != seeds[2].0, "{seeds:?}");
    assert_eq!(fixture.gemini.pictures_made(), 3);
}

#[tokio::test]
async fn the_same_request_many_times_at_once_is_made_once() {
    let fixture = Fixture::new().await;
    let body = request_body("tweed");
    let answers = futures::future::join_all((0..12).map(|_| fixture.ask(&body))).await;
    let ids: std::collections::BTreeSet<String> =
        answers.into_iter().map(|answer| text(&answer.expect(202).json()["id"]).to_owned()).collect();
    assert_eq!(ids.len(), 1);
    fixture.app.drain().await;
    assert_eq!(fixture.gemini.pictures_made(), 1);
    assert_eq!(fixture.app.value::<i64>("select count(*) from generations").await, 1);
    assert_eq!(fixture.app.value::<i64>("select count(*) from ai_jobs").await, 1);
}

#[tokio::test]
async fn a_key_makes_a_repetition_harmless() {
    let fixture = Fixture::new().await;
    let client = fixture.hana.client.clone().with_header("idempotency-key", "k-1");
    let mut again = request_body("felt");
    again["again"] = json!(true);
    let first = client.post(GENERATE, &again).await.expect(202).json();
    let second = client.post(GENERATE, &again).await.expect(202).json();
    assert_eq!(first, second);
    client.post(GENERATE, &request_body("other")).await.expect_problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn the_hour_has_an_end_and_what_is_remembered_does_not_count() {
    let fixture = Fixture::with_settings(&[("MACHIYA_GENERATIONS_PER_HOUR", "8")]).await;
    fixture.make("one").await;
    fixture.ask(&request_body("two")).await.expect(202);
    let refused = fixture.ask(&request_body("three")).await.expect_problem(429, "too_many_requests");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() <= 450);
    fixture.ask(&request_body("one")).await.expect(200);
    fixture.ask(&request_body("two")).await.expect(202);
    fixture.sora.client.post(GENERATE, &request_body("three")).await.expect(202);
    fixture.app.advance(Duration::minutes(8));
    fixture.ask(&request_body("three")).await.expect(202);
}

#[tokio::test]
async fn the_program_draws_by_itself_without_any_key() {
    let fixture = Fixture::with_settings(&[("MACHIYA_IMAGE_PROVIDER", "sketch")]).await;
    let asked = fixture.make("lace").await;
    let made = fixture.generation(&asked).await;
    assert_eq!((&made["provider"], &made["width"], &made["height"]), (&json!("sketch"), &json!(960), &json!(1280)));
    assert!(fixture.gemini.requests().is_empty());
    let original = fixture.app.state.storage.get(&StorageKey::new(text(&made["path"])).unwrap()).await.unwrap();
    let credentials = fixture.studio.seal.verify(&original).unwrap();
    assert_eq!(credentials.source_type, Some(SourceType::AlgorithmicMedia), "it does not claim to be made by AI");
}

#[tokio::test]
async fn a_request_that_prefers_an_answer_at_once_is_answered_with_the_job() {
    let fixture = Fixture::new().await;
    let client = fixture.hana.client.clone().with_header("prefer", "handling=lenient, respond-async");
    let job = client.post("/api/nano/generate", &request_body("at once")).await.expect(202).json();
    assert!(job["jobId"].is_string() && job.get("url").is_none(), "{job}");
}
