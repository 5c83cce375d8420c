//! The database goes away under load and comes back: requests fail clearly meanwhile, and nothing stays broken.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration as StdDuration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use kernel::{Ctx, SystemReason};
use platform::db::bootstrap;
use platform::http::Anyone;
use platform::jobs::{self, Registry, Worker};
use platform::{App, Problem};
use testkit::TestApp;
use testkit::cluster::OwnServer;

use crate::apps::{app, person};
use crate::running::{Notebook, Plain, noting};

/// Who the database thinks is asking: on a connection that kept somebody else's role or claims, the wrong one.
async fn whoami(ctx: &Ctx, app: &App) -> Result<String, Problem> {
    let mut tx = app.db.begin_as(ctx).await?;
    let found =
        sqlx::query_scalar("select current_user || ' ' || coalesce(auth.uid()::text, 'nobody') from pg_sleep(0.002)")
            .fetch_one(tx.conn())
            .await?;
    tx.commit().await?;
    Ok(found)
}

/// Writes what the answer does not tell, for whoever reads why this test failed.
fn answered(problem: Problem) -> Problem {
    if problem.status() == http::StatusCode::INTERNAL_SERVER_ERROR {
        eprintln!("{problem:?}");
    }
    problem
}

fn routes() -> Router<App> {
    Router::new().route(
        "/api/test/whoami",
        get(|State(app): State<App>, Anyone(ctx): Anyone| async move { whoami(&ctx, &app).await.map_err(answered) }),
    )
}

/// How requests ended.
#[derive(Default, Debug)]
struct Tally {
    well: u32,
    unavailable: u32,
}

/// Asks for as long as `going` says, in turn as nobody and as a person.
async fn load(url: &str, http: &reqwest::Client, token: Option<&str>, expected: &str, going: &AtomicBool) -> Tally {
    let mut tally = Tally::default();
    while going.load(Ordering::SeqCst) {
        let mut request = http.get(format!("{url}/api/test/whoami"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        match answer.status().as_u16() {
            200 => {
                assert_eq!(answer.text().await.unwrap(), expected);
                tally.well += 1;
            }
            503 => {
                assert!(answer.headers().contains_key("retry-after"));
                let body = answer.text().await.unwrap();
                assert!(body.contains("database_unavailable"), "{body}");
                tally.unavailable += 1;
                tokio::time::sleep(StdDuration::from_millis(2)).await;
            }
            other => panic!("{other}: {}", answer.text().await.unwrap()),
        }
    }
    tally
}

#[tokio::test]
async fn connections_that_are_ended_under_load_are_replaced() {
    let app = TestApp::start(|_| (routes(), Registry::new())).await;
    let hana = app.user("花").await;
    let expected = format!("authenticated {}", hana.id);
    let going = AtomicBool::new(true);
    let loads = (0..8).map(|number| {
        let (token, expected) =
            if number % 2 == 0 { (None, "anon nobody") } else { (Some(hana.token.as_str()), expected.as_str()) };
        load(&app.url, &app.state.http, token, expected, &going)
    });
    let trouble = async {
        let mut ended = 0;
        for _ in 0..12 {
            tokio::time::sleep(StdDuration::from_millis(120)).await;
            ended += app
                .value::<i64>(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity
                      where datname = current_database() and pid <> pg_backend_pid()",
                )
                .await;
        }
        going.store(false, Ordering::SeqCst);
        ended
    };
    let (tallies, ended) = tokio::join!(futures::future::join_all(loads), trouble);
    assert!(ended > 20, "{ended}");
    let well: u32 = tallies.iter().map(|tally| tally.well).sum();
    assert!(well > 20, "{tallies:?}");
    // Every connection of the pool is asked for, and every one works.
    let again = (0..60).map(|_| app.anonymous());
    futures::future::join_all(again.map(|client| async move { client.get("/api/test/whoami").await.expect(200) }))
        .await;
}

/// Nobody waits ten seconds to be answered that the platform is closed, and the first who comes back afterwards gets in although
/// every connection of the pool died meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_database_the_answer_comes_soon_and_afterwards_at_once() {
    let (server, app, folder) = own_app("closed").await;
    let url = serve(&app).await;
    let ask = || async { app.http.get(format!("{url}/api/test/whoami")).send().await.unwrap().status().as_u16() };
    assert_eq!(futures::future::join_all((0..10).map(|_| ask())).await, [200; 10]);
    tokio::task::block_in_place(|| server.stop());
    let asked = Instant::now();
    assert_eq!(futures::future::join_all((0..4).map(|_| ask())).await, [503; 4]);
    let waited = asked.elapsed();
    assert!(waited < StdDuration::from_secs(6), "{waited:?}");
    tokio::task::block_in_place(|| server.start_again());
    assert_eq!(ask().await, 200);
    app.db.check().await.unwrap();
    assert!(app.tasks.stop(StdDuration::from_secs(10)).await);
    let _ = std::fs::remove_dir_all(&folder);
}

#[tokio::test]
async fn connections_that_died_while_idle_are_replaced_unnoticed() {
    let app = TestApp::start(|_| (routes(), Registry::new())).await;
    for _ in 0..3 {
        let clients = (0..20).map(|_| app.anonymous());
        futures::future::join_all(
            clients.map(|client| async move { client.get("/api/test/whoami").await.expect(200) }),
        )
        .await;
        let ended: i64 = app
            .value(
                "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
                  where datname = current_database() and usename in ('machiya_web', 'machiya_service')",
            )
            .await;
        assert!(ended > 0, "{ended}");
        app.anonymous().get("/api/test/whoami").await.expect(200);
        app.state.db.check().await.unwrap();
    }
}

/// An installation on a server that may be ended.
async fn own_app(name: &str) -> (OwnServer, App, std::path::PathBuf) {
    let server = OwnServer::start(name);
    server.create_database("app", "machiya_owner").await;
    let owner_url = server.superuser_url("app");
    schema::migrate(&owner_url).await.unwrap();
    let addresses = bootstrap::log_ins(&owner_url, b"a secret of the outage tests, 32 bytes..", 12).await.unwrap();
    // A throw-away server writes nothing through; what the test stands on must outlast the crash.
    let mut owner = <sqlx::PgConnection as sqlx::Connection>::connect(&owner_url).await.unwrap();
    sqlx::raw_sql("checkpoint").execute(&mut owner).await.unwrap();
    let folder = std::env::temp_dir().join(format!("machiya-{name}-files-{}", std::process::id()));
    let app = app(&addresses.web_url, &addresses.service_url, &folder);
    (server, app, folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_crashes_under_load_is_found_again() {
    let (server, app, folder) = own_app("crash").await;
    let url = serve(&app).await;
    let notebook = Notebook::default();
    let worker = Worker::new(app.clone(), noting::<Plain>(&notebook), 2);
    app.tasks.spawn(async move { worker.run().await });

    let going = Arc::new(AtomicBool::new(true));
    let loads = (0..4).map(|_| load(&url, &app.http, None, "anon nobody", &going));
    let trouble = async {
        for _ in 0..2 {
            tokio::time::sleep(StdDuration::from_millis(300)).await;
            let server = &server;
            // The server's programs block; the requests go on meanwhile.
            tokio::task::block_in_place(|| server.stop());
            tokio::time::sleep(StdDuration::from_millis(500)).await;
            tokio::task::block_in_place(|| server.start_again());
        }
        tokio::time::sleep(StdDuration::from_millis(500)).await;
        going.store(false, Ordering::SeqCst);
    };
    let (tallies, ()) = tokio::join!(futures::future::join_all(loads), trouble);
    assert!(tallies.iter().all(|tally| tally.well > 0 && tally.unavailable > 0), "{tallies:?}");

    for _ in 0..40 {
        assert_eq!(
            whoami(&app.ctx(person(7), kernel::Locale::Ja), &app).await.unwrap().split(' ').next(),
            Some("authenticated")
        );
    }
    // The worker has found its way back too.
    let ctx = app.system_ctx(SystemReason::Verification);
    let mut tx = app.db.begin_system(SystemReason::Verification).await.unwrap();
    jobs::enqueue(&ctx, &mut tx, &Plain::from("after")).await.unwrap();
    tx.commit().await.unwrap();
    let asked = Instant::now();
    while notebook.len() == 0 {
        assert!(asked.elapsed().as_secs() < 20, "the worker works again");
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
    assert!(app.tasks.stop(StdDuration::from_secs(10)).await);
    let _ = std::fs::remove_dir_all(&folder);
}

/// Serves an installation on a port of its own.
async fn serve(app: &App) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let service = identity::wrap(app, routes()).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = app.tasks.clone();
    app.tasks.spawn(async move {
        axum::serve(listener, service).with_graceful_shutdown(async move { stopping.stopping().await }).await.unwrap();
    });
    url
}
