//! Answers that strangers share: who gets a copy, in which form, and when it ends.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use http::StatusCode;
use platform::App;
use platform::http::{Anyone, Cacheable, Path};
use platform::jobs::Registry;
use serde_json::json;
use testkit::TestApp;
use time::Duration;
use tokio::sync::Notify;

/// A place whose answers are counted, and which can be made to wait.
#[derive(Clone, Default)]
struct Place {
    asked: Arc<AtomicUsize>,
    gate: Arc<Notify>,
}

impl Place {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn number(&self) -> usize {
        self.asked.fetch_add(1, Ordering::SeqCst)
    }
}

/// As long as the gallery's data, so that packing it pays.
fn answer(number: usize, ctx: &kernel::Ctx) -> serde_json::Value {
    let items: Vec<String> = (0..100).map(|item| format!("picture {item}")).collect();
    json!({"number": number, "language": ctx.locale.tag(), "actor": format!("{:?}", ctx.user().is_some()), "items": items})
}

async fn open(lifetime: Duration) -> (TestApp, Place) {
    let place = Place::default();
    let state = place.clone();
    let app = TestApp::start(move |_| {
        let quick = move |Extension(place): Extension<Place>, Anyone(ctx): Anyone| async move {
            Cacheable::during(lifetime).on(Json(answer(place.number(), &ctx)))
        };
        let slow = move |Extension(place): Extension<Place>, Anyone(ctx): Anyone| async move {
            let number = place.number();
            place.gate.notified().await;
            Cacheable::during(lifetime).on(Json(answer(number, &ctx)))
        };
        let tagged = move |Extension(place): Extension<Place>, Path(id): Path<String>| async move {
            Cacheable::during(lifetime).tagged(&id).on(Json(json!({"number": place.number(), "id": id})))
        };
        let own = |Extension(place): Extension<Place>| async move {
            let number = place.number();
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            number.to_string()
        };
        let broken = move |Extension(place): Extension<Place>| async move {
            place.number();
            let fault: Response = StatusCode::SERVICE_UNAVAILABLE.into_response();
            Cacheable::during(lifetime).on(fault)
        };
        let routes = Router::<App>::new()
            .route("/api/test/quick", get(quick))
            .route("/api/test/slow", get(slow))
            .route("/api/test/products/{id}", get(tagged))
            .route("/api/test/own", get(own))
            .route("/api/test/broken", get(broken))
            .layer(Extension(state));
        (routes, Registry::new())
    })
    .await;
    (app, place)
}

#[tokio::test]
async fn a_copy_comes_in_every_form_and_only_to_strangers() {
    let (app, place) = open(Duration::seconds(60)).await;
    let stranger = app.anonymous();
    let first = stranger.get("/api/test/quick").await.expect(200);
    let second = stranger.get("/api/test/quick").await.expect(200);
    assert_eq!((first.text(), place.asked()), (second.text(), 1));
    assert_eq!(first.header("etag"), second.header("etag"));
    assert_eq!(second.header("cache-control"), "private, no-cache");
    assert_eq!(second.header("x-content-type-options"), "nosniff", "a copy is as guarded as the original");
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"), "a copy answers its own request");

    let seen = stranger.clone().with_header("if-none-match", first.header("etag"));
    let unchanged = seen.get("/api/test/quick").await.expect(304);
    assert_eq!((unchanged.bytes.len(), unchanged.header("etag")), (0, first.header("etag")));
    stranger.clone().with_header("if-none-match", "\"another\"").get("/api/test/quick").await.expect(200);

    let gzip = stranger.clone().with_header("accept-encoding", "br;q=0, gzip").get("/api/test/quick").await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&*gzip.bytes).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, first.text());
    let packed = stranger.clone().with_header("accept-encoding", "gzip, br").get("/api/test/quick").await;
    assert_eq!(packed.header("content-encoding"), "br");
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut &*packed.bytes, &mut unpacked).unwrap();
    assert_eq!((unpacked, place.asked()), (first.bytes.to_vec(), 1));

    let english = stranger.clone().with_header("accept-language", "en").get("/api/test/quick").await.json();
    assert_eq!((english["language"].as_str(), place.asked()), (Some("en"), 2));
    assert_eq!(stranger.get("/api/test/quick?page=2").await.json()["number"], 2, "another address, another answer");
    let hana = app.user("花").await;
    for number in [3, 4] {
        let mine = hana.client.get("/api/test/quick").await.expect(200);
        assert_eq!((&mine.json()["number"], &mine.json()["actor"]), (&json!(number), &json!("true")));
        assert_eq!(mine.header("etag"), "");
    }
    for cookie in ["machiya_session=whatever", "machiya_toast=saved"] {
        stranger.clone().with_header("cookie", cookie).get("/api/test/quick").await.expect(200);
    }
    assert_eq!(place.asked(), 7, "who may be somebody, or has something said to them, is asked about");
    assert_eq!(stranger.get("/api/test/quick").await.json()["number"], 0);
}

#[tokio::test]
async fn a_crowd_makes_the_handler_work_once() {
    let (app, place) = open(Duration::seconds(60)).await;
    let crowd =
        futures::future::join_all((0..40).map(|_| async { app.anonymous().get("/api/test/slow").await.json() }));
    let open_later = async {
        while place.asked() == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        // Whoever comes a little later waits as well.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        place.gate.notify_waiters();
    };
    let (answers, ()) = tokio::join!(crowd, open_later);
    assert!(answers.iter().all(|answer| answer["number"] == 0), "{answers:?}");
    assert_eq!(place.asked(), 1);
}

#[tokio::test]
async fn whoever_waits_goes_on_when_the_first_gives_up() {
    let (app, place) = open(Duration::seconds(60)).await;
    let impatient = app.anonymous();
    let first = tokio::time::timeout(std::time::Duration::from_millis(200), impatient.get("/api/test/slow"));
    assert!(first.await.is_err(), "the handler waits at its gate");
    let second = app.anonymous();
    let open_soon = async {
        while place.asked() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        place.gate.notify_waiters();
    };
    let (answer, ()) = tokio::join!(second.get("/api/test/slow"), open_soon);
    assert_eq!(answer.expect(200).json()["number"], 1);
}

#[tokio::test]
async fn what_is_nobody_elses_is_neither_shared_nor_queued_for() {
    let (app, place) = open(Duration::seconds(60)).await;
    app.anonymous().get("/api/test/own").await.expect(200);
    let begun = Instant::now();
    futures::future::join_all((0..20).map(|_| async { app.anonymous().get("/api/test/own").await.expect(200) })).await;
    assert_eq!(place.asked(), 21);
    assert!(begun.elapsed().as_millis() < 20 * 50, "one after the other would take a second");
    for _ in 0..3 {
        app.anonymous().get("/api/test/broken").await.expect(503);
    }
    assert_eq!(place.asked(), 24, "a fault is not kept");
}

#[tokio::test]
async fn nothing_made_before_a_change_is_sent_after_it() {
    let (app, place) = open(Duration::seconds(60)).await;
    app.anonymous().get("/api/test/quick").await.expect(200);
    app.state.response_cache().clear();
    assert_eq!(app.anonymous().get("/api/test/quick").await.json()["number"], 1);

    // The change comes while the handler works with what it read before.
    let stranger = app.anonymous();
    let change = async {
        while place.asked() < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        app.state.response_cache().clear();
        place.gate.notify_waiters();
    };
    let (old, ()) = tokio::join!(stranger.get("/api/test/slow"), change);
    assert_eq!(old.json()["number"], 2);
    let open_again = async {
        while place.asked() < 4 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        place.gate.notify_waiters();
    };
    let (new, ()) = tokio::join!(stranger.get("/api/test/slow"), open_again);
    assert_eq!(new.json()["number"], 3, "what was read before the change is not kept");
}

#[tokio::test]
async fn a_change_ends_what_shows_it_and_nothing_else() {
    let (app, place) = open(Duration::seconds(60)).await;
    let number = async |path: &str| app.anonymous().get(path).await.expect(200).json()["number"].clone();
    let (one, two, list) = ("/api/test/products/one", "/api/test/products/two", "/api/test/quick");
    assert_eq!((number(one).await, number(two).await, number(list).await), (json!(0), json!(1), json!(2)));
    app.state.response_cache().invalidate("one");
    assert_eq!(number(two).await, 1, "another product's change is nothing to this page");
    assert_eq!((number(one).await, number(list).await), (json!(3), json!(4)), "what names nothing shows everything");
    app.state.response_cache().clear();
    assert_eq!((number(two).await, place.asked()), (json!(5), 6));
}

#[tokio::test]
async fn a_transaction_forgets_when_it_is_true_and_not_before() {
    let (app, place) = open(Duration::seconds(60)).await;
    let ask = async || app.anonymous().get("/api/test/quick").await.json()["number"].clone();
    assert_eq!(ask().await, 0);
    let shared = app.state.response_cache().clone();
    let mut tx = app.tx().await;
    tx.forget_after_commit(move || shared.clear());
    assert_eq!(ask().await, 0);
    tx.rollback().await.unwrap();
    assert_eq!(ask().await, 0, "nothing has changed");
    let shared = app.state.response_cache().clone();
    let mut tx = app.tx().await;
    tx.forget_after_commit(move || shared.clear());
    tx.commit().await.unwrap();
    assert_eq!((ask().await, place.asked()), (json!(1), 2));
}

#[tokio::test]
async fn a_copy_ends_with_its_lifetime_when_nobody_says_a_word() {
    let (app, place) = open(Duration::seconds(1)).await;
    for _ in 0..3 {
        app.anonymous().get("/api/test/quick").await.expect(200);
    }
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    assert_eq!(app.anonymous().get("/api/test/quick").await.json()["number"], 1);
    assert_eq!(place.asked(), 2);
}

#[tokio::test]
async fn the_database_tells_every_process_and_is_heard_again_after_a_break() {
    let (app, place) = open(Duration::seconds(600)).await;
    app.state.response_cache().follow(&app.state.db, &app.state.tasks, "test_changes");
    let listeners = "select count(*) from pg_stat_activity where query ilike 'listen%test_changes%' \
                     and datname = current_database()";
    for round in 0..2 {
        while app.value::<i64>(listeners).await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        // The listener clears once more as it begins to listen.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        app.anonymous().get("/api/test/quick").await.expect(200);
        let before = place.asked();
        app.execute("select pg_notify('test_changes', 'a product')").await;
        let begun = Instant::now();
        while app.anonymous().get("/api/test/quick").await.json()["number"] != json!(before) {
            assert!(begun.elapsed().as_secs() < 5, "round {round}: a notification drops the copies at once");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        app.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where query ilike 'listen%test_changes%' and datname = current_database() and pid <> pg_backend_pid()",
        )
        .await;
        // The connection must be seen to be gone before it is looked for again.
        while app.value::<i64>(listeners).await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}
