use serde_json::json;
use testkit::ai_doubles::{GeminiAnswer, PictureFile, WireError};
use time::Duration;

use crate::tests::{Fixture, request_body, text};

#[tokio::test]
async fn a_refusal_is_told_apart_and_costs_nothing() {
    let fixture = Fixture::new().await;
    fixture.gemini.answer_next([GeminiAnswer::Blocked("PROHIBITED_CONTENT"), GeminiAnswer::Finish("IMAGE_SAFETY")]);
    let first = fixture.ask(&request_body("one")).await.expect(202).json();
    fixture.app.drain().await;
    let second = fixture.ask(&request_body("two")).await.expect(202).json();
    fixture.app.drain().await;
    for (asked, code) in [(&first, "refused_prohibited"), (&second, "refused_safety")] {
        let job = fixture.job(asked).await;
        assert_eq!((&job["status"], &job["error"]), (&json!("refused"), &json!(code)));
        assert_eq!(fixture.generation(asked).await["error"], json!(code));
    }
    assert_eq!(fixture.app.value::<i64>("select coalesce(sum(cost_micro_usd), 0)::bigint from ai_jobs").await, 0);
    assert_eq!(fixture.app.value::<i64>("select count(*) from jobs where state = 'failed'").await, 2);
    assert!(fixture.stored("usergen/").await.is_empty());
    let retried = fixture.ask(&request_body("one")).await.expect(202).json();
    assert_ne!(retried["id"], first["id"], "a refusal is not remembered as an answer");
}

#[tokio::test]
async fn waiting_for_a_refusal_says_why_in_the_readers_language() {
    let fixture = Fixture::new().await;
    fixture.app.state.tasks.spawn(fixture.app.worker().run());
    fixture.gemini.answer_always(GeminiAnswer::Blocked("SAFETY"));
    let japanese = fixture.hana.client.post("/api/nano/generate?wait=20", &request_body("a")).await;
    let japanese = japanese.expect_problem(422, "refused_safety").json();
    assert!(text(&japanese["title"]).contains("おつくりできません"), "{japanese}");
    let english = fixture.sora.client.post("/api/nano/generate?wait=20", &request_body("a")).await;
    assert_eq!(english.expect_problem(422, "refused_safety").json()["title"], "This could not be made");
}

#[tokio::test]
async fn what_is_not_a_usable_picture_is_not_kept() {
    let fixture = Fixture::new().await;
    let bad = [PictureFile::Truncated, PictureFile::Text, PictureFile::Bomb];
    for file in bad {
        fixture.gemini.answer_next([GeminiAnswer::Picture(file)]);
        let asked = fixture.ask(&request_body(&format!("{file:?}"))).await.expect(202).json();
        fixture.app.drain().await;
        let job = fixture.job(&asked).await;
        assert_eq!((&job["status"], &job["error"]), (&json!("failed"), &json!("provider_faulty")), "{file:?}");
    }
    let answers = [GeminiAnswer::TruncatedBase64, GeminiAnswer::Wire(WireError::NotJson)];
    for answer in answers {
        fixture.gemini.answer_next([answer.clone()]);
        let asked = fixture.ask(&request_body(&format!("{answer:?}"))).await.expect(202).json();
        fixture.app.drain().await;
        assert_eq!(fixture.job(&asked).await["error"], "provider_faulty", "{answer:?}");
    }
    assert!(fixture.stored("usergen/").await.is_empty());
    assert_eq!(fixture.app.value::<i64>("select count(*) from media_images").await, 0);
}

#[tokio::test]
async fn the_bytes_decide_what_a_picture_is() {
    let fixture = Fixture::new().await;
    for file in [PictureFile::Jpeg, PictureFile::LyingType] {
        fixture.gemini.answer_next([GeminiAnswer::Picture(file)]);
        let asked = fixture.make(&format!("{file:?}")).await;
        let made = fixture.generation(&asked).await;
        assert_eq!(made["mimeType"], "image/jpeg", "{file:?}");
        assert!(text(&made["path"]).ends_with(".jpg"));
        let link = fixture.app.anonymous().get(text(&made["url"])).await.expect(200);
        assert_eq!(link.header("content-type"), "image/jpeg");
    }
}

#[tokio::test]
async fn a_picture_of_another_shape_is_cut_to_the_one_that_was_asked_for() {
    let fixture = Fixture::new().await;
    fixture.gemini.answer_next([GeminiAnswer::Picture(PictureFile::WrongShape)]);
    let asked = fixture.make("wide").await;
    let made = fixture.generation(&asked).await;
    let (width, height) = (made["width"].as_f64().unwrap(), made["height"].as_f64().unwrap());
    assert!((width / height - 0.75).abs() < 0.01, "{width} × {height}");
}

#[tokio::test]
async fn silence_after_success_still_makes_exactly_one_picture() {
    let fixture = Fixture::new().await;
    fixture.gemini.answer_next([GeminiAnswer::Wire(WireError::Hang)]);
    let asked = fixture.ask(&request_body("slow")).await.expect(202).json();
    fixture.app.drain().await;
    let job = fixture.job(&asked).await;
    assert_eq!((&job["status"], &job["stage"]), (&json!("processing"), &json!("retrying")));
    assert_eq!(fixture.gemini.pictures_made(), 1, "it was made, and nobody heard of it");

    fixture.app.advance(Duration::minutes(1));
    fixture.app.drain().await;
    assert_eq!(fixture.job(&asked).await["status"], "completed");
    assert_eq!(fixture.app.value::<i64>("select count(*) from generations where status = 'completed'").await, 1);
    assert_eq!(fixture.app.value::<i64>("select count(*) from media_images where role = 'original'").await, 1);
    let counted: i32 = fixture.app.value("select provider_calls * 10 + unknown_calls from ai_jobs").await;
    assert_eq!(counted, 21);
    let cost: i64 = fixture.app.value("select cost_micro_usd from ai_jobs").await;
    assert_eq!(cost, 2 * 33_600, "the app counts what it may have been billed");
}

#[tokio::test]
async fn after_a_second_silence_nobody_asks_again() {
    let fixture = Fixture::new().await;
    fixture.gemini.answer_next([GeminiAnswer::Wire(WireError::Hang), GeminiAnswer::Wire(WireError::Cut)]);
    let asked = fixture.ask(&request_body("lost")).await.expect(202).json();
    for _ in 0..4 {
        fixture.app.drain().await;
        fixture.app.advance(Duration::minutes(5));
    }
    assert_eq!(fixture.job(&asked).await["error"], "provider_timeout");
    assert_eq!(fixture.gemini.requests().len(), 2);
}

#[tokio::test]
async fn a_busy_provider_is_asked_again_later_and_in_the_end_given_up() {
    let fixture = Fixture::new().await;
    fixture.gemini.answer_next(vec![GeminiAnswer::Unavailable; 3]);
    let asked = fixture.ask(&request_body("patience")).await.expect(202).json();
    fixture.app.drain().await;
    assert_eq!(fixture.job(&asked).await["stage"], "retrying");
    fixture.app.advance(Duration::minutes(2));
    fixture.app.drain().await;
    assert_eq!(fixture.job(&asked).await["status"], "completed");

    fixture.gemini.answer_always(GeminiAnswer::Unavailable);
    let asked = fixture.ask(&request_body("no patience")).await.expect(202).json();
    for _ in 0..6 {
        fixture.app.drain().await;
        fixture.app.advance(Duration::hours(1));
    }
    let job = fixture.job(&asked).await;
    assert_eq!((&job["status"], &job["error"]), (&json!("failed"), &json!("provider_busy")));
}

#[tokio::test]
async fn a_used_up_quota_and_a_wrong_key_end_at_once() {
    let fixture = Fixture::new().await;
    for (answer, code) in
        [(GeminiAnswer::DailyQuota, "provider_quota_exhausted"), (GeminiAnswer::InvalidKey, "provider_misconfigured")]
    {
        fixture.gemini.answer_next([answer]);
        let asked = fixture.ask(&request_body(code)).await.expect(202).json();
        fixture.app.drain().await;
        assert_eq!(fixture.job(&asked).await["error"], code);
    }
    assert_eq!(fixture.gemini.requests().len(), 2);
}

#[tokio::test]
async fn a_price_that_nobody_knows_is_not_made_up() {
    let fixture = Fixture::new().await;
    let unknown: String = fixture
        .app
        .value("select string_agg(model, ' ' order by model) from public.ai_models where price_micro_usd = '{}'")
        .await;
    for model in ["gemini-2.5-flash-image", "gpt-image-2.5-flare", "gpt-image-2.5-sunburst"] {
        assert!(unknown.contains(model), "{unknown}");
    }
    let mut wanted = request_body("of unknown price");
    wanted["model"] = "gemini-2.5-flash-image".into();
    fixture.ask(&wanted).await.expect(202);
    fixture.app.drain().await;
    let counted: i64 = fixture.app.value("select provider_calls * 1000000 + cost_micro_usd from public.ai_jobs").await;
    assert_eq!(counted, 1_000_000, "a call and no cost");
}
