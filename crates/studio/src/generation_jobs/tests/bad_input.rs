use serde_json::{Value, json};

use crate::tests::{Fixture, GENERATE, request_body, text};

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_made() {
    let fixture = Fixture::new().await;
    let cases: Vec<(Value, &str, &str)> = vec![
        (json!({"prompt": "x".repeat(100_000)}), "prompt", "too_long"),
        (json!({"prompt": 7}), "prompt", "wrong_type"),
        (json!({}), "prompt", "required"),
        (json!([1, 2]), "body", "wrong_type"),
        (json!({"prompt": "a\u{0}b"}), "prompt", "unprintable"),
        (json!({"prompt": "gold\u{202e}dlog"}), "prompt", "unprintable"),
        (json!({"prompt": "a", "negative": "\u{2066}"}), "negative", "unprintable"),
        (json!({"prompt": "a", "aspectRatio": "7:5"}), "aspectRatio", "unknown_value"),
        (json!({"prompt": "a", "aspectRatio": 3}), "aspectRatio", "wrong_type"),
        (json!({"prompt": "a", "model": "gpt-9"}), "model", "unknown_value"),
        (json!({"prompt": "a", "model": "gemini-3.1-flash-lite-image"}), "model", "unknown_value"),
        (json!({"prompt": "a", "model": {}}), "model", "wrong_type"),
        (json!({"prompt": "a", "provider": "midjourney"}), "provider", "unknown_value"),
        (json!({"prompt": "a", "provider": "openai"}), "provider", "unknown_value"),
        (json!({"prompt": "a", "again": "yes"}), "again", "wrong_type"),
        (json!({"prompt": "a", "seed": -1}), "seed", "wrong_type"),
        (json!({"prompt": "a", "seed": 4_000_000_000_u32}), "seed", "unknown_value"),
        (json!({"answers": {"vibe": "calm"}}), "answers.vibe", "wrong_type"),
        (json!({"answers": {"color": vec!["x"; 13]}}), "answers.color", "too_many"),
        (json!({"answers": {"season": ["x".repeat(81)]}}), "answers.season[0]", "too_long"),
        (json!({"answers": {"extra": "x".repeat(401)}}), "answers.extra", "too_long"),
        (json!({"answers": {"extra": "a\u{1b}[31m"}}), "answers.extra", "unprintable"),
    ];
    for (body, field, code) in cases {
        let answer = fixture.ask(&body).await.expect_problem(422, "invalid_input").json();
        let named = answer["fields"].as_array().unwrap().iter().find(|error| error["field"] == field);
        let named = named.unwrap_or_else(|| panic!("{field} in {answer}"));
        assert_eq!(named["error"], code, "{answer}");
        assert!(!text(&named["message"]).starts_with("field-"), "{answer}");
    }
    assert_eq!(fixture.app.value::<i64>("select count(*) from generations").await, 0);
    assert!(fixture.gemini.requests().is_empty());
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let fixture = Fixture::new().await;
    let path = GENERATE;
    let client = &fixture.hana.client;
    client.post_bytes(path, "application/json", "{\"prompt\":").await.expect_problem(400, "malformed_request");
    client
        .post_bytes(path, "application/json", "{\"prompt\":\"\\ud800\"}")
        .await
        .expect_problem(400, "malformed_request");
    client.post_bytes(path, "text/plain", "hello").await.expect_problem(415, "unsupported_media_type");
    client.post_bytes(path, "application/json", vec![b' '; 400_000]).await.expect_problem(413, "body_too_large");
    client.post("/api/nano/generate?wait=long", &request_body("a")).await.expect_problem(422, "invalid_input");
    fixture.app.anonymous().post(path, &request_body("a")).await.expect_problem(401, "unauthorized");
    fixture.app.ban(&fixture.hana).await;
    let banned = client.post(path, &request_body("a")).await;
    assert!(matches!(banned.status.as_u16(), 401 | 403), "{}", banned.text());
    assert_eq!(fixture.app.value::<i64>("select count(*) from generations").await, 0);
}

#[tokio::test]
async fn what_is_not_yours_is_not_there() {
    let fixture = Fixture::new().await;
    let made = fixture.make("mine").await;
    let (job_id, id) = (text(&made["jobId"]), text(&made["id"]));
    for unknown in [job_id, "01939f00-0000-7000-8000-000000000000", "not-an-id", "..%2f..%2fetc"] {
        for path in [format!("/api/jobs/{unknown}"), format!("/api/jobs/{unknown}/events")] {
            fixture.sora.client.get(&path).await.expect_problem(404, "not_found");
        }
        fixture.sora.client.delete(&format!("/api/jobs/{unknown}")).await.expect_problem(404, "not_found");
    }
    fixture.sora.client.get(&format!("/api/generations/{id}")).await.expect_problem(404, "not_found");
    fixture.sora.client.delete(&format!("/api/generations/{id}")).await.expect_problem(404, "not_found");
    let nothing = json!({});
    fixture
        .sora
        .client
        .post(&format!("/api/generations/{id}/restore"), &nothing)
        .await
        .expect_problem(404, "not_found");
    fixture.app.anonymous().get(&format!("/api/generations/{id}")).await.expect_problem(401, "unauthorized");
    let theirs = fixture.sora.client.get("/api/user-gallery").await.expect(200).json();
    assert_eq!(theirs, json!({"items": []}));
    fixture.generation(&made).await;
}
