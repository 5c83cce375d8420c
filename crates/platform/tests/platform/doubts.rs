//! What a key promises when the answer is lost: an effect is made once, or its caller is told that it cannot be known.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use kernel::SystemReason;
use platform::http::{Json, Member};
use platform::jobs::Registry;
use platform::rate_limits::{RateLimit, take};
use platform::{App, Problem};
use serde_json::{Value, json};
use testkit::{TestApp, TestClient};
use time::Duration;
use tokio::sync::Notify;

use crate::apps::EFFECTS;

const PATH: &str = "/api/test/effects";

/// What the handler and its test tell each other.
#[derive(Clone, Default)]
struct Fixture {
    calls: Arc<AtomicU32>,
    waiting: Arc<Notify>,
    may_go_on: Arc<Notify>,
    ended: Arc<Notify>,
}

impl Fixture {
    async fn wait(&self) {
        self.waiting.notify_one();
        self.may_go_on.notified().await;
    }
}

/// Makes an effect. The first call does as the body says: `before` and `after` (what happens then: it `waits`, `fails`,
/// is `refused` or `panics`) and `commit` (how).
async fn make(app: App, member: Member, fixture: Fixture, body: Value) -> Result<Response, Problem> {
    let is_first = fixture.calls.fetch_add(1, Ordering::SeqCst) == 0;
    let does = |part: &str| body[part].as_str().filter(|_| is_first).unwrap_or_default().to_owned();
    happen(&fixture, &does("before")).await?;
    if body["counts"] == true {
        let limit = RateLimit { name: "test.effects", burst: 99, every: Duration::SECOND };
        take(&member.ctx, &app, limit, "k").await?;
        // A look at something is no effect either.
        let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
        sqlx::query("select count(*) from public.effects").execute(tx.conn()).await?;
        tx.commit().await?;
        happen(&fixture, &does("counted")).await?;
    }
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    sqlx::query("insert into public.effects (who) values ($1)")
        .bind(member.user.display_name)
        .execute(tx.conn())
        .await?;
    if body["commit"] == "repeatable" {
        tx.commit_repeatable().await?;
    } else {
        tx.commit().await?;
    }
    happen(&fixture, &does("after")).await?;
    Ok((StatusCode::CREATED, axum::Json(json!({"made": "yes"}))).into_response())
}

async fn happen(fixture: &Fixture, what: &str) -> Result<(), Problem> {
    match what {
        "waits" => fixture.wait().await,
        "fails" => return Err(Problem::unavailable("storage_unavailable", anyhow::anyhow!("away"))),
        "refused" => return Err(Problem::conflict("email_taken")),
        "panics" => panic!("a bug in a handler"),
        _ => {}
    }
    Ok(())
}

struct Bench {
    app: TestApp,
    fixture: Fixture,
    client: TestClient,
}

impl Bench {
    async fn new() -> Self {
        let fixture = Fixture::default();
        let at_work = fixture.clone();
        let app = TestApp::start(|_| {
            let handler = move |State(app): State<App>, member: Member, Json(body): Json<Value>| {
                let fixture = at_work.clone();
                async move {
                    let answer = make(app, member, fixture.clone(), body).await;
                    fixture.ended.notify_one();
                    answer
                }
            };
            (Router::new().route(PATH, post(handler)), Registry::new())
        })
        .await;
        app.execute(EFFECTS).await;
        let client = app.user("花").await.client;
        Self { app, fixture, client }
    }

    fn keyed(&self, key: &str) -> TestClient {
        self.client.clone().with_header("idempotency-key", key)
    }

    async fn effects(&self) -> i64 {
        self.app.value("select count(*) from public.effects").await
    }

    /// Asks, and lets go when the handler waits: from then on the database looks as if the process had been killed there.
    async fn ask_and_lose(&self, body: &Value) {
        let client = self.keyed("k");
        tokio::select! {
            answer = client.post(PATH, body) => panic!("it cannot be answered yet: {}", answer.text()),
            () = self.fixture.waiting.notified() => {}
        }
    }
}

#[tokio::test]
async fn a_kill_after_the_effect_leaves_a_doubt_and_no_second_effect() {
    let bench = Bench::new().await;
    let body = json!({"after": "waits"});
    bench.ask_and_lose(&body).await;
    let client = bench.keyed("k");
    client.post(PATH, &body).await.expect_problem(409, "request_in_progress");
    bench.app.advance(Duration::minutes(6));
    client.post(PATH, &body).await.expect_problem(409, "idempotency_in_doubt");
    client.post(PATH, &json!({"other": 1})).await.expect_problem(422, "idempotency_key_reused");
    assert_eq!(bench.effects().await, 1);
    bench.keyed("another").post(PATH, &body).await.expect(201);
    assert_eq!(bench.effects().await, 2, "who has looked may ask anew");
    bench.app.advance(Duration::hours(24));
    client.post(PATH, &body).await.expect(201);
}

#[tokio::test]
async fn a_kill_before_the_effect_leaves_nothing_and_the_key_comes_free() {
    let bench = Bench::new().await;
    let body = json!({"before": "waits"});
    bench.ask_and_lose(&body).await;
    bench.app.advance(Duration::minutes(6));
    bench.keyed("k").post(PATH, &body).await.expect(201);
    assert_eq!(bench.effects().await, 1);
}

/// It was taken for dead, another request has its key, and now it goes on: what it writes is not committed.
#[tokio::test]
async fn who_has_lost_the_key_cannot_commit_any_more() {
    for body in [json!({"before": "waits"}), json!({"counts": true, "counted": "waits"})] {
        let bench = Bench::new().await;
        bench.ask_and_lose(&body).await;
        bench.app.advance(Duration::minutes(6));
        let client = bench.keyed("k");
        let second = client.post(PATH, &body).await.expect(201);
        bench.fixture.ended.notified().await;
        bench.fixture.may_go_on.notify_one();
        bench.fixture.ended.notified().await;
        assert_eq!(bench.effects().await, 1, "{body}");
        let again = client.post(PATH, &body).await.expect(201);
        assert_eq!((again.json(), again.header("idempotency-replayed")), (second.json(), "true"));
    }
}

#[tokio::test]
async fn a_failure_after_the_effect_leaves_a_doubt_at_once() {
    for (what, status) in [("fails", 503), ("refused", 409), ("panics", 500)] {
        let bench = Bench::new().await;
        let body = json!({"after": what});
        bench.keyed("k").post(PATH, &body).await.expect(status);
        bench.keyed("k").post(PATH, &body).await.expect_problem(409, "idempotency_in_doubt");
        bench.app.advance(Duration::minutes(6));
        bench.keyed("k").post(PATH, &body).await.expect_problem(409, "idempotency_in_doubt");
        assert_eq!(bench.effects().await, 1, "{what}");
    }
}

#[tokio::test]
async fn a_failure_after_looking_counting_or_what_may_be_repeated_frees_the_key() {
    let harmless = [json!({"counts": true, "counted": "fails"}), json!({"commit": "repeatable", "after": "fails"})];
    for (body, effects) in harmless.into_iter().zip([1, 2]) {
        let bench = Bench::new().await;
        bench.keyed("k").post(PATH, &body).await.expect(503);
        bench.keyed("k").post(PATH, &body).await.expect(201);
        assert_eq!(bench.effects().await, effects, "{body}");
    }
}

/// The connection is lost inside `COMMIT`. Whether it happened, the database alone knows, and the mark is a part of it:
/// here it did not, so the key is free.
#[tokio::test]
async fn a_commit_that_is_lost_on_the_way_is_judged_by_what_the_database_holds() {
    let bench = Bench::new().await;
    // Outside every transaction: the first commit ends its own connection, the next ones go through.
    let trigger = "create sequence public.commits;
        create function public.lose() returns trigger language plpgsql security definer as $$
        begin
          if nextval('public.commits') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
          return null;
        end $$;
        create constraint trigger lose after insert on public.effects deferrable initially deferred
          for each row execute function public.lose();";
    bench.app.execute(trigger).await;
    bench.keyed("k").post(PATH, &json!({})).await.expect_problem(503, "database_unavailable");
    assert_eq!(bench.effects().await, 0);
    bench.keyed("k").post(PATH, &json!({})).await.expect(201);
    assert_eq!(bench.effects().await, 1);
}
