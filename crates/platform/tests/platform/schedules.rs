//! Recurring work: once a turn, however many workers there are.

use platform::jobs::{JobRun, Registry};
use testkit::TestApp;
use time::Duration;

use crate::running::{Notebook, Plain, app_with, noting};

/// The platform has recurring work of its own beside these tests' kinds.
async fn runs(app: &TestApp) -> i64 {
    app.value("select count(*) from public.jobs where name = 'test.plain'").await
}

#[tokio::test]
async fn a_turn_is_enqueued_once_however_many_look() {
    let notebook = Notebook::default();
    let registry = noting::<Plain>(&notebook).every(Duration::minutes(1), &Plain::from("turn"));
    let app = app_with(registry).await;
    for turn in 1..=3 {
        let workers: Vec<_> = (0..6).map(|_| app.another_worker()).collect();
        futures::future::join_all(workers.iter().map(platform::jobs::Worker::upkeep)).await;
        assert_eq!(runs(&app).await, turn);
        app.drain().await;
        app.upkeep().await;
        assert_eq!(runs(&app).await, turn, "the next turn has not come");
        app.advance(Duration::seconds(60));
    }
    // Nobody was there for a day: one turn, not 1,440.
    app.upkeep().await;
    app.advance(Duration::days(1));
    app.upkeep().await;
    app.upkeep().await;
    assert_eq!(runs(&app).await, 5);
    assert_eq!(notebook.len(), 5);
}

#[tokio::test]
async fn a_turn_waits_for_the_one_before() {
    let registry =
        Registry::new().on(|_: JobRun<Plain>| async move { Ok(()) }).every(Duration::minutes(1), &Plain::from("turn"));
    let app = app_with(registry).await;
    for _ in 0..3 {
        app.worker().upkeep().await;
        app.advance(Duration::minutes(1));
    }
    assert_eq!(runs(&app).await, 1);
    app.drain().await;
    assert_eq!(
        app.value::<i64>("select count(*) from public.jobs where name = 'test.plain' and state = 'succeeded'").await,
        1
    );
}

#[tokio::test]
async fn a_new_interval_replaces_the_old() {
    let every =
        |interval| Registry::new().on(|_: JobRun<Plain>| async move { Ok(()) }).every(interval, &Plain::from("turn"));
    let app = app_with(every(Duration::hours(1))).await;
    app.upkeep().await;
    let changed = platform::jobs::Worker::new(app.state.clone(), every(Duration::minutes(5)), 1);
    changed.upkeep().await;
    let seconds: i32 = app.value("select every_seconds from public.job_schedules where name = 'test.plain'").await;
    assert_eq!(seconds, 300);
}
