//! Rate limits: exactly what is allowed passes, however many ask at once.

use platform::jobs::Registry;
use platform::rate_limits::{self, RateLimit};
use testkit::TestApp;
use time::Duration;

const LIMIT: RateLimit = RateLimit { name: "test_guess", burst: 5, every: Duration::seconds(20) };

async fn app() -> TestApp {
    TestApp::start(|_| (axum::Router::new(), Registry::new())).await
}

async fn passed(app: &TestApp, key: &str, at_once: usize) -> usize {
    let ctx = app.ctx();
    let takes = (0..at_once).map(|_| rate_limits::take(&ctx, &app.state, LIMIT, key));
    futures::future::join_all(takes).await.iter().filter(|taken| taken.is_ok()).count()
}

#[tokio::test]
async fn exactly_the_burst_passes_at_once() {
    let app = app().await;
    assert_eq!(passed(&app, "hana", 60).await, 5);
    assert_eq!(passed(&app, "ken", 60).await, 5, "each key for itself");
    assert_eq!(passed(&app, "hana", 10).await, 0);
    app.advance(Duration::seconds(20));
    assert_eq!(passed(&app, "hana", 60).await, 1);
    app.advance(Duration::seconds(59));
    assert_eq!(passed(&app, "hana", 60).await, 2);
    app.advance(Duration::hours(1));
    assert_eq!(passed(&app, "hana", 60).await, 5, "never more than the burst");
}

#[tokio::test]
async fn who_is_refused_learns_how_long_to_wait() {
    let app = app().await;
    assert_eq!(passed(&app, "hana", 5).await, 5);
    let problem = rate_limits::take(&app.ctx(), &app.state, LIMIT, "hana").await.expect_err("the burst is used up");
    assert_eq!((problem.status().as_u16(), problem.code()), (429, "too_many_requests"));
    let answer = axum::response::IntoResponse::into_response(problem);
    assert_eq!(answer.headers()["retry-after"], "20");
    // The wait is the right one: a second earlier is too early.
    app.advance(Duration::seconds(19));
    assert_eq!(passed(&app, "hana", 1).await, 0);
    app.advance(Duration::seconds(1));
    assert_eq!(passed(&app, "hana", 1).await, 1);
}

/// A request that is refused does not push the end of the wait further away.
#[tokio::test]
async fn asking_in_vain_costs_nothing() {
    let app = app().await;
    assert_eq!(passed(&app, "hana", 200).await, 5);
    app.advance(Duration::seconds(20));
    assert_eq!(passed(&app, "hana", 1).await, 1);
}

#[tokio::test]
async fn what_limits_nobody_any_more_is_swept() {
    let app = app().await;
    passed(&app, "hana", 5).await;
    app.advance(Duration::seconds(99));
    passed(&app, "ken", 1).await;
    app.upkeep().await;
    assert_eq!(app.value::<i64>("select count(*) from public.rate_limits").await, 2);
    app.advance(Duration::seconds(2));
    app.upkeep().await;
    assert_eq!(app.value::<String>("select string_agg(key, ' ') from public.rate_limits").await, "ken");
}

#[tokio::test]
async fn a_limit_without_a_burst_still_lets_one_pass() {
    let app = app().await;
    let ctx = app.ctx();
    for burst in [0, 1] {
        let limit = RateLimit { name: "test_one", burst, every: Duration::seconds(1) };
        let key = burst.to_string();
        assert!(rate_limits::take(&ctx, &app.state, limit, &key).await.is_ok());
        assert!(rate_limits::take(&ctx, &app.state, limit, &key).await.is_err());
    }
}
