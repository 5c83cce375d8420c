//! What is enqueued is run: in its order, once, when its time has come, and only when its transaction was committed.

use std::sync::Arc;
use std::time::Instant;

use platform::jobs::{self, JobError, JobRun, JobState, Registry, backlog, visible_job};
use testkit::TestApp;
use time::Duration;
use tokio::sync::Notify;

use crate::running::{Idle, Notebook, Plain, Urgent, app_with, ask, ask_with, at, keyed, noting, of_job, owned};

#[tokio::test]
async fn the_urgent_runs_first_then_the_earlier() {
    let notebook = Notebook::default();
    let all = noting::<Plain>(&notebook).and(noting::<Urgent>(&notebook)).and(noting::<Idle>(&notebook));
    let app = app_with(all).await;
    let now = app.clock.now();
    ask(&app, &Idle::from("idle")).await;
    ask_with(&app, &Plain::from("second"), at(now - Duration::seconds(1))).await;
    ask_with(&app, &Plain::from("first"), at(now - Duration::seconds(2))).await;
    ask(&app, &Urgent::from("urgent")).await;
    ask_with(&app, &Urgent::from("tomorrow"), at(now + Duration::days(1))).await;
    assert_eq!(app.drain().await.succeeded, 4);
    assert_eq!(notebook.lines(), ["urgent 1", "first 1", "second 1", "idle 1"]);
    app.advance(Duration::days(1));
    assert_eq!(app.drain().await.succeeded, 1);
}

#[tokio::test]
async fn one_key_one_open_job() {
    let notebook = Notebook::default();
    let app = app_with(noting::<Plain>(&notebook).and(noting::<Urgent>(&notebook))).await;
    let first = ask_with(&app, &Plain::from("a"), keyed("k")).await;
    assert_eq!(ask_with(&app, &Plain::from("b"), keyed("k")).await, first);
    assert_ne!(ask_with(&app, &Plain::from("c"), keyed("other")).await, first);
    assert_ne!(ask_with(&app, &Urgent::from("d"), keyed("k")).await, first, "another kind, another key");
    assert_eq!(app.drain().await.succeeded, 3);
    let second = ask_with(&app, &Plain::from("e"), keyed("k")).await;
    assert_ne!(second, first, "the key is free when the job has ended");
    assert_eq!(app.drain().await.succeeded, 1);

    // Two that ask at the same moment: the second waits for the first and gets its job.
    let mut one = app.tx().await;
    let mut other = app.tx().await;
    let ctx = app.ctx();
    let winner = jobs::enqueue_with(&ctx, &mut one, &Plain::from("f"), keyed("race")).await.unwrap();
    let job = Plain::from("g");
    let (loser, ()) = tokio::join!(jobs::enqueue_with(&ctx, &mut other, &job, keyed("race")), async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        one.commit().await.unwrap();
    });
    assert_eq!(loser.unwrap(), winner);
}

/// The open job ends while somebody enqueues with its key. Whoever enqueues gets a job that exists and runs after this
/// commit, and never the promise of one that has already looked.
#[tokio::test]
async fn a_key_that_comes_free_meanwhile_makes_a_new_job() {
    let app = app_with(Registry::new()).await;
    let first = ask_with(&app, &Plain::from("a"), keyed("k")).await;
    let mut ending = app.tx().await;
    assert!(jobs::cancel(&app.ctx(), &mut ending, first).await.unwrap());
    let mut asking = app.tx().await;
    let (ctx, job) = (app.ctx(), Plain::from("b"));
    let (second, ()) = tokio::join!(jobs::enqueue_with(&ctx, &mut asking, &job, keyed("k")), async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        ending.commit().await.unwrap();
    });
    let second = second.unwrap();
    asking.commit().await.unwrap();
    assert_ne!(second, first);
    assert_eq!(of_job(&app, second, "state").await, "queued");
}

#[tokio::test]
async fn what_is_rolled_back_was_never_asked_for() {
    let notebook = Notebook::default();
    let app = app_with(noting::<Plain>(&notebook)).await;
    let ctx = app.ctx();
    let mut tx = app.tx().await;
    jobs::enqueue(&ctx, &mut tx, &Plain::from("undone")).await.unwrap();
    tx.rollback().await.unwrap();
    let mut tx = app.tx().await;
    jobs::enqueue(&ctx, &mut tx, &Plain::from("dropped")).await.unwrap();
    drop(tx);
    assert_eq!(app.drain().await, jobs::Drained::default());
    assert_eq!(app.value::<i64>("select count(*) from public.jobs").await, 0);
}

#[tokio::test]
async fn four_workers_run_nothing_twice() {
    let notebook = Notebook::default();
    let app = app_with(noting::<Plain>(&notebook)).await;
    let mut tx = app.tx().await;
    for number in 0..200 {
        jobs::enqueue(&app.ctx(), &mut tx, &Plain::from(number.to_string().as_str())).await.unwrap();
    }
    tx.commit().await.unwrap();
    let workers = [app.another_worker(), app.another_worker(), app.another_worker(), app.another_worker()];
    let [a, b, c, d] = &workers;
    let (a, b, c, d) = tokio::join!(a.drain(), b.drain(), c.drain(), d.drain());
    let each = [a, b, c, d].map(|drained| drained.unwrap().succeeded);
    assert_eq!(each.iter().sum::<u32>(), 200);
    assert!(each.iter().all(|ran| *ran > 0), "all took part: {each:?}");
    let mut lines = notebook.lines();
    lines.sort();
    lines.dedup();
    assert_eq!((notebook.len(), lines.len()), (200, 200));
    assert_eq!(
        app.value::<i64>("select count(*) from public.jobs where state = 'succeeded' and attempts = 1").await,
        200
    );
}

#[tokio::test]
async fn the_owner_watches_the_progress_and_nobody_else() {
    let app = app_with(Registry::new().on(|run: JobRun<Plain>| async move {
        run.progress(250, "painting").await?;
        let mut tx = run.begin().await?;
        run.finish(&mut tx, &serde_json::json!({"url": "/files/a.png"})).await?;
        tx.commit().await?;
        Ok(())
    }))
    .await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    let id = ask_with(&app, &Plain::from("a"), owned(hana.id)).await;
    let mut changes = app.state.progress.subscribe();
    // The feed follows the database in the background; it must be listening before something changes.
    wait_for_listener(&app, "job_progress").await;
    assert_eq!(app.drain().await.succeeded, 1);

    let seen = async |ctx: &kernel::Ctx| {
        let mut tx = app.state.db.begin_as(ctx).await.unwrap();
        visible_job(&mut tx, id).await.unwrap()
    };
    let view = seen(&hana.ctx).await.unwrap();
    assert_eq!((view.state, view.progress_percent), (JobState::Succeeded, 100));
    assert_eq!(view.outcome, Some(serde_json::json!({"url": "/files/a.png"})));
    assert!(seen(&ken.ctx).await.is_none());
    // Strangers have no right to ask at all.
    let stranger = app.state.ctx(kernel::Actor::Anonymous, kernel::Locale::Ja);
    let mut tx = app.state.db.begin_as(&stranger).await.unwrap();
    visible_job(&mut tx, id).await.expect_err("strangers may not ask");
    drop(tx);
    let limit = std::time::Duration::from_secs(5);
    for _ in 0..2 {
        assert_eq!(tokio::time::timeout(limit, changes.recv()).await.unwrap().unwrap(), id);
    }
}

async fn wait_for_listener(app: &TestApp, channel: &str) {
    for _ in 0..200 {
        let listening: i64 = app
            .value(&format!("select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen%{channel}%'"))
            .await;
        if listening > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nobody listens on {channel}");
}

/// The worker looks twice a second by itself; ten jobs one after the other would take it five seconds.
#[tokio::test]
async fn a_commit_wakes_the_worker() {
    let notebook = Notebook::default();
    let app = app_with(noting::<Plain>(&notebook)).await;
    let worker = app.worker();
    app.state.tasks.spawn(async move { worker.run().await });
    wait_for_listener(&app, "jobs").await;
    let started = Instant::now();
    for number in 1..=10 {
        ask(&app, &Plain::from("a")).await;
        while notebook.len() < number {
            assert!(started.elapsed().as_secs() < 30, "the worker runs");
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
    let elapsed = started.elapsed();
    assert!(elapsed.as_millis() < 3_000, "{elapsed:?}");
    assert!(app.state.tasks.stop(std::time::Duration::from_secs(10)).await, "the worker stops");
}

#[tokio::test]
async fn stopping_lets_the_running_attempt_end() {
    let notebook = Notebook::default();
    let may_end = Arc::new(Notify::new());
    let (writer, gate) = (notebook.clone(), Arc::clone(&may_end));
    let app = app_with(Registry::new().on(move |run: JobRun<Plain>| {
        let (notebook, gate) = (writer.clone(), Arc::clone(&gate));
        async move {
            notebook.write("begun");
            gate.notified().await;
            let mut tx = run.begin().await?;
            run.finish(&mut tx, &1).await?;
            tx.commit().await?;
            notebook.write("ended");
            Ok(())
        }
    }))
    .await;
    let id = ask(&app, &Plain::from("a")).await;
    let (worker, writer) = (app.worker(), notebook.clone());
    app.state.tasks.spawn(async move {
        worker.run().await;
        writer.write("looks for no more");
    });
    notebook.filled(1).await;
    app.state.tasks.begin_stop();
    notebook.filled(2).await;
    let late = ask(&app, &Plain::from("too late")).await;
    may_end.notify_one();
    assert!(app.state.tasks.stop(std::time::Duration::from_secs(30)).await);
    assert_eq!(notebook.lines(), ["begun", "looks for no more", "ended"]);
    assert_eq!(of_job(&app, late, "state").await, "queued");
    assert_eq!(of_job(&app, id, "state").await, "succeeded");
}

#[tokio::test]
async fn ended_jobs_are_swept_and_dead_ones_kept() {
    let notebook = Notebook::default();
    let fails = Registry::new()
        .on(|_: JobRun<crate::running::Twice>| async move { Err(JobError::from(anyhow::anyhow!("never"))) });
    let app = app_with(noting::<Plain>(&notebook).and(fails)).await;
    ask(&app, &Plain::from("a")).await;
    let dead = ask(&app, &crate::running::Twice::from("b")).await;
    app.drain().await;
    app.advance(Duration::minutes(1));
    app.drain().await;
    assert_eq!(of_job(&app, dead, "state").await, "dead");
    ask(&app, &Plain::from("waiting")).await;
    ask_with(&app, &Plain::from("later"), at(app.clock.now() + Duration::days(30))).await;
    app.advance(Duration::seconds(90));

    let mut tx = app.tx().await;
    let counted = backlog(&mut tx, app.clock.now()).await.unwrap();
    assert_eq!((counted.due, counted.running, counted.dead, counted.oldest_due_seconds), (1, 0, 1, 90));
    drop(tx);

    app.advance(Duration::days(14));
    app.worker().upkeep().await;
    let left: String =
        app.value("select string_agg(state, ' ' order by state) from public.jobs where name like 'test.%'").await;
    assert_eq!(left, "dead queued queued");
}
