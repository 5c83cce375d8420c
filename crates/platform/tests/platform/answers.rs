//! `Idempotency-Key`: one effect and one answer, however often and however impatiently it is asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration as StdDuration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::{Method, StatusCode};
use kernel::SystemReason;
use platform::http::{Json, Member};
use platform::jobs::Registry;
use platform::{App, Problem};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, TestClient};
use time::Duration;
use tokio::sync::Notify;

use crate::apps::EFFECTS;

/// What the handler and its test tell each other.
#[derive(Clone, Default)]
struct Fixture {
    calls: Arc<AtomicU32>,
    begun: Arc<Notify>,
    may_go_on: Arc<Notify>,
}

/// Makes an effect; how it ends, the body says.
async fn make(State(app): State<App>, member: Member, fixture: Fixture, body: Value) -> Result<Response, Problem> {
    let call = fixture.calls.fetch_add(1, Ordering::SeqCst);
    if body["waits"] == true {
        fixture.begun.notify_one();
        fixture.may_go_on.notified().await;
    }
    if let Some(wait_ms) = body["wait_ms"].as_u64() {
        tokio::time::sleep(StdDuration::from_millis(wait_ms)).await;
    }
    match body["ends"].as_str() {
        Some("unavailable") if call == 0 => {
            return Err(Problem::unavailable("storage_unavailable", anyhow::anyhow!("away")));
        }
        Some("refused") if call == 0 => return Err(Problem::conflict("email_taken")),
        Some("panic") if call == 0 => panic!("a bug in a handler"),
        _ => {}
    }
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    sqlx::query("insert into public.effects (who) values ($1)")
        .bind(member.user.display_name)
        .execute(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(match body["ends"].as_str() {
        Some("empty") => StatusCode::NO_CONTENT.into_response(),
        Some("created") => StatusCode::CREATED.into_response(),
        _ => (StatusCode::CREATED, axum::Json(json!({"number": call, "text": "春"}))).into_response(),
    })
}

async fn app() -> TestApp {
    app_with(&Fixture::default()).await
}

async fn app_with(fixture: &Fixture) -> TestApp {
    let fixture = fixture.clone();
    let app = TestApp::start(|_| {
        let handler =
            move |app: State<App>, member: Member, Json(body): Json<Value>| make(app, member, fixture.clone(), body);
        let routes = Router::new()
            .route("/api/test/effects", post(handler.clone()).put(handler.clone()))
            .route("/api/test/others", post(handler.clone()))
            .route("/test/page", post(handler))
            .layer(DefaultBodyLimit::max(kernel::limits::BODY_BYTES_MAX));
        (routes, Registry::new())
    })
    .await;
    app.execute(EFFECTS).await;
    app
}

async fn effects(app: &TestApp) -> i64 {
    app.value("select count(*) from public.effects").await
}

const PATH: &str = "/api/test/effects";

fn keyed(client: &TestClient, key: &str) -> TestClient {
    client.clone().with_header("idempotency-key", key)
}

fn is_replay(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

#[tokio::test]
async fn the_same_request_is_done_once_and_answered_alike() {
    let app = app().await;
    let hana = keyed(&app.user("花").await.client, "k1");
    let first = hana.post(PATH, &json!({"a": 1})).await.expect(201);
    let again = hana.post(PATH, &json!({"a": 1})).await.expect(201);
    assert_eq!((first.json(), is_replay(&first), is_replay(&again)), (again.json(), false, true));
    assert_eq!(effects(&app).await, 1);

    for (ends, status) in [("empty", 204), ("created", 201)] {
        let client = keyed(&app.user("健").await.client, ends);
        client.post(PATH, &json!({"ends": ends})).await.expect(status);
        let again = client.post(PATH, &json!({"ends": ends})).await.expect(status);
        assert!(again.bytes.is_empty() && is_replay(&again), "{ends}");
    }
    assert_eq!(effects(&app).await, 3);
}

#[tokio::test]
async fn a_key_is_a_persons_and_a_paths() {
    let app = app().await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    keyed(&hana.client, "k").post(PATH, &json!({})).await.expect(201);
    assert!(!is_replay(&keyed(&ken.client, "k").post(PATH, &json!({})).await.expect(201)));
    assert!(!is_replay(&keyed(&hana.client, "k").post("/api/test/others", &json!({})).await.expect(201)));
    let put = keyed(&hana.client, "k").send(Method::PUT, PATH, |request| request.json(&json!({}))).await.expect(201);
    assert!(!is_replay(&put));
    assert_eq!(effects(&app).await, 4);
    // Without a key, on a page, or without a person there is nothing to repeat.
    hana.client.post(PATH, &json!({})).await.expect(201);
    hana.client.post(PATH, &json!({})).await.expect(201);
    keyed(&hana.client, "k").post("/test/page", &json!({})).await.expect(201);
    keyed(&hana.client, "k").post("/test/page", &json!({})).await.expect(201);
    assert_eq!(effects(&app).await, 8);
    keyed(&app.anonymous(), "k").post(PATH, &json!({})).await.expect(401);
}

#[tokio::test]
async fn the_same_key_with_another_request_is_refused() {
    let app = app().await;
    let hana = keyed(&app.user("花").await.client, "k");
    hana.post(PATH, &json!({"a": 1})).await.expect(201);
    hana.post(PATH, &json!({"a": 2})).await.expect_problem(422, "idempotency_key_reused");
    hana.post("/api/test/effects?a=1", &json!({"a": 1})).await.expect_problem(422, "idempotency_key_reused");
    assert_eq!(effects(&app).await, 1);
}

#[tokio::test]
async fn a_key_has_a_size() {
    let app = app().await;
    let hana = app.user("花").await.client;
    keyed(&hana, &"k".repeat(255)).post(PATH, &json!({})).await.expect(201);
    keyed(&hana, &"k".repeat(256)).post(PATH, &json!({})).await.expect_problem(422, "invalid_input");
    keyed(&hana, "").post(PATH, &json!({})).await.expect_problem(422, "invalid_input");
}

#[tokio::test]
async fn many_at_once_make_one_effect() {
    let app = app().await;
    let hana = keyed(&app.user("花").await.client, "k");
    let body = json!({"wait_ms": 150});
    let answers = futures::future::join_all((0..12).map(|_| hana.post(PATH, &body))).await;
    assert_eq!(effects(&app).await, 1);
    let first = answers.iter().find(|answer| answer.status == 201).expect("one was done").json();
    for answer in &answers {
        match answer.status.as_u16() {
            201 => assert_eq!(answer.json(), first),
            409 => {
                assert_eq!(answer.error(), "request_in_progress");
                assert_eq!(answer.header("retry-after"), "2");
            }
            other => panic!("{other}: {}", answer.text()),
        }
    }
    assert_eq!(hana.post(PATH, &body).await.expect(201).json(), first);
}

#[tokio::test]
async fn a_failure_frees_the_key() {
    for (ends, status) in [("unavailable", 503), ("refused", 409), ("panic", 500)] {
        let app = app().await;
        let hana = keyed(&app.user("花").await.client, "k");
        let body = json!({"ends": ends});
        hana.post(PATH, &body).await.expect(status);
        assert_eq!(effects(&app).await, 0);
        let second = hana.post(PATH, &body).await.expect(201);
        assert!(!is_replay(&second), "{ends}");
        assert!(is_replay(&hana.post(PATH, &body).await.expect(201)));
        assert_eq!(effects(&app).await, 1);
    }
}

/// The caller's patience ends before the work does. It comes back with the same key, which is what keys are for.
#[tokio::test]
async fn a_caller_who_hangs_up_gets_the_answer_later() {
    let fixture = Fixture::default();
    let app = app_with(&fixture).await;
    let hana = app.user("花").await;
    let body = json!({"waits": true});
    let impatient = app
        .state
        .http
        .post(format!("{}{PATH}", app.url))
        .bearer_auth(&hana.token)
        .header("idempotency-key", "k")
        .json(&body)
        .send();
    // Hangs up when the request has arrived and is being worked at.
    tokio::select! {
        answered = impatient => panic!("it cannot be answered yet: {answered:?}"),
        () = fixture.begun.notified() => {}
    }
    let hana = keyed(&hana.client, "k");
    hana.post(PATH, &body).await.expect_problem(409, "request_in_progress");
    fixture.may_go_on.notify_one();
    let answered = "select count(*) from public.idempotency_keys where status is not null";
    let remembered = tokio::time::timeout(StdDuration::from_mins(1), async {
        while app.value::<i64>(answered).await == 0 {
            tokio::time::sleep(StdDuration::from_millis(5)).await;
        }
    });
    remembered.await.expect("the work goes on to its end");
    assert!(is_replay(&hana.post(PATH, &body).await.expect(201)));
    assert_eq!(effects(&app).await, 1);
}

#[tokio::test]
async fn answers_are_remembered_for_a_day() {
    let app = app().await;
    let hana = app.user("花").await;
    let client = keyed(&hana.client, "k");
    client.post(PATH, &json!({})).await.expect(201);
    app.advance(Duration::hours(23));
    assert!(is_replay(&client.post(PATH, &json!({})).await.expect(201)));
    app.upkeep().await;
    assert_eq!(app.value::<i64>("select count(*) from public.idempotency_keys").await, 1);
    app.advance(Duration::hours(2));
    app.upkeep().await;
    assert_eq!(app.value::<i64>("select count(*) from public.idempotency_keys").await, 0);
    assert!(!is_replay(&client.post(PATH, &json!({})).await.expect(201)));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_with_a_key_as_without() {
    let app = app().await;
    let hana = app.user("花").await.client;
    let body = json!({"text": "x".repeat(kernel::limits::BODY_BYTES_MAX)});
    keyed(&hana, "k").post(PATH, &body).await.expect_problem(413, "body_too_large");
    hana.post(PATH, &body).await.expect_problem(413, "body_too_large");
    keyed(&hana, "k").post(PATH, &json!({})).await.expect(201);
}
