//! How an attempt that does not succeed ends: again later, for good, or because nobody wants it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use platform::jobs::{self, JobError, JobRun, Registry};
use time::Duration;

use crate::running::{Brief, Notebook, Plain, Twice, app_with, ask, of_job};

#[tokio::test]
async fn a_failed_attempt_comes_back_later_and_later() {
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let app = app_with(Registry::new().on(move |run: JobRun<Plain>| {
        let notebook = writer.clone();
        async move {
            notebook.write(run.attempt.to_string());
            if run.attempt < 4 { Err(anyhow::anyhow!("try {}", run.attempt).into()) } else { Ok(()) }
        }
    }))
    .await;
    let id = ask(&app, &Plain::from("a")).await;
    for (attempt, full_wait_s) in [(1, 2_i32), (2, 4), (3, 8)] {
        app.drain().await;
        assert_eq!(of_job(&app, id, "state").await, "queued");
        assert_eq!(of_job(&app, id, "attempts").await, attempt.to_string());
        assert_eq!(of_job(&app, id, "last_error").await, format!("try {attempt}"));
        assert_eq!(of_job(&app, id, "progress_stage").await, "waiting");
        let wait: f64 = app
            .value(&format!(
                "select extract(epoch from run_at - updated_at)::float8 from public.jobs where id = '{id}'"
            ))
            .await;
        let full = f64::from(full_wait_s);
        assert!((full / 2.0..=full).contains(&wait), "after attempt {attempt}: {wait} s");
        // Half of the shortest wait: too early.
        app.advance(Duration::milliseconds(i64::from(full_wait_s) * 490));
        assert_eq!(app.drain().await, jobs::Drained::default());
        app.advance(Duration::milliseconds(i64::from(full_wait_s) * 520));
    }
    assert_eq!(app.drain().await.succeeded, 1);
    assert_eq!(notebook.lines(), ["1", "2", "3", "4"]);
    assert_eq!(of_job(&app, id, "state").await, "succeeded");
}

#[tokio::test]
async fn what_the_other_side_asks_for_is_waited_for() {
    let app = app_with(Registry::new().on(|_: JobRun<Plain>| async move {
        Err(JobError::retry_after(Duration::minutes(7), anyhow::anyhow!("too busy")))
    }))
    .await;
    let id = ask(&app, &Plain::from("a")).await;
    app.drain().await;
    assert_eq!(of_job(&app, id, "run_at - updated_at").await, "00:07:00");
}

/// A registry whose `Twice` fails as `fault` says, and which notes what follows.
fn failing(notebook: &Notebook, fault: fn() -> JobError) -> Registry {
    let (writer, mourner) = (notebook.clone(), notebook.clone());
    Registry::new()
        .on(move |run: JobRun<Twice>| {
            let notebook = writer.clone();
            async move {
                notebook.write(format!("attempt {}", run.attempt));
                Err(fault())
            }
        })
        .on_dead(move |run: JobRun<Twice>| {
            let notebook = mourner.clone();
            async move {
                notebook.write(format!("mourned {} after {}", run.job.note, run.attempt));
                Ok(())
            }
        })
}

#[tokio::test]
async fn after_the_last_attempt_it_is_dead_and_mourned() {
    let notebook = Notebook::default();
    let app = app_with(failing(&notebook, || anyhow::anyhow!("no luck").into())).await;
    let id = ask(&app, &Twice::from("a")).await;
    app.drain().await;
    app.advance(Duration::seconds(11));
    app.drain().await;
    app.advance(Duration::days(1));
    app.upkeep().await;
    assert_eq!(notebook.lines(), ["attempt 1", "attempt 2", "mourned a after 2"]);
    assert_eq!(of_job(&app, id, "state || ' ' || last_error").await, "dead no luck");
}

#[tokio::test]
async fn giving_up_is_final_and_mourned() {
    let notebook = Notebook::default();
    let app = app_with(failing(&notebook, || JobError::give_up(anyhow::anyhow!("refused")))).await;
    let id = ask(&app, &Twice::from("a")).await;
    app.drain().await;
    app.advance(Duration::days(1));
    app.upkeep().await;
    assert_eq!(notebook.lines(), ["attempt 1", "mourned a after 1"]);
    assert_eq!(of_job(&app, id, "state || ' ' || last_error").await, "failed refused");
}

#[tokio::test]
async fn a_panic_is_a_failed_attempt() {
    let app = app_with(Registry::new().on(|run: JobRun<Twice>| async move {
        assert!(run.attempt > 1, "a bug in a handler");
        Ok(())
    }))
    .await;
    let id = ask(&app, &Twice::from("a")).await;
    assert_eq!(app.drain().await.others, 1);
    assert_eq!(of_job(&app, id, "state || ' ' || last_error").await, "queued the handler panicked");
    app.advance(Duration::seconds(11));
    assert_eq!(app.drain().await.succeeded, 1);
}

#[tokio::test]
async fn a_payload_of_another_version_is_given_up() {
    let app = app_with(Registry::new().on(|_: JobRun<Plain>| async move { Ok(()) })).await;
    let id = ask(&app, &Plain::from("a")).await;
    app.execute("update public.jobs set payload = '{\"note\": 7}'").await;
    app.drain().await;
    assert_eq!(of_job(&app, id, "state").await, "failed");
}

/// A kind that this worker does not know stays for one that does.
#[tokio::test]
async fn an_unknown_kind_waits() {
    let app = app_with(Registry::new().on(|_: JobRun<Plain>| async move { Ok(()) })).await;
    let id = ask(&app, &Twice::from("a")).await;
    app.upkeep().await;
    assert_eq!(of_job(&app, id, "state || ' ' || attempts").await, "queued 0");
}

/// What follows a failure is not forgotten when it fails itself, or when the process dies in the middle of it.
#[tokio::test]
async fn mourning_that_fails_is_done_again() {
    let tries = Arc::new(AtomicI32::new(0));
    let counted = Arc::clone(&tries);
    let registry = Registry::new()
        .on(|_: JobRun<Twice>| async move { Err(JobError::give_up(anyhow::anyhow!("no"))) })
        .on_dead(move |_: JobRun<Twice>| {
            let tries = Arc::clone(&counted);
            async move {
                match tries.fetch_add(1, Ordering::SeqCst) {
                    0 => Err(anyhow::anyhow!("the database is away").into()),
                    1 => panic!("a bug"),
                    _ => Ok(()),
                }
            }
        });
    let app = app_with(registry).await;
    let id = ask(&app, &Twice::from("a")).await;
    app.drain().await;
    assert_eq!(of_job(&app, id, "state").await, "running");
    for wanted in ["running", "dead"] {
        app.advance(Duration::minutes(2));
        app.upkeep().await;
        assert_eq!(of_job(&app, id, "state").await, wanted);
    }
    assert_eq!(tries.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_failure_recorded_by_the_handler_stays_as_recorded() {
    let app = app_with(Registry::new().on(|run: JobRun<Plain>| async move {
        let mut tx = run.begin().await?;
        run.fail(&mut tx, &serde_json::json!({"code": "refused_by_provider"}), "safety").await?;
        tx.commit().await?;
        Ok(())
    }))
    .await;
    let id = ask(&app, &Plain::from("a")).await;
    app.drain().await;
    let row = of_job(&app, id, "state || ' ' || last_error || ' ' || (outcome ->> 'code')").await;
    assert_eq!(row, "failed safety refused_by_provider");
}

#[tokio::test]
async fn what_nobody_wants_does_not_run() {
    let notebook = Notebook::default();
    let app = app_with(crate::running::noting::<Plain>(&notebook)).await;
    let id = ask(&app, &Plain::from("a")).await;
    let cancel = async |id| {
        let mut tx = app.tx().await;
        let done = jobs::cancel(&app.ctx(), &mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        done
    };
    assert!(cancel(id).await);
    assert!(!cancel(id).await, "it has ended");
    app.drain().await;
    assert_eq!(notebook.len(), 0);
    assert_eq!(of_job(&app, id, "state").await, "cancelled");
    let done = ask(&app, &Plain::from("b")).await;
    app.drain().await;
    assert!(!cancel(done).await);
}

/// A running attempt is told by its heartbeat, and what it wanted to write is undone.
#[tokio::test]
async fn a_cancelled_attempt_stops_and_leaves_nothing() {
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let app = app_with(Registry::new().on(move |run: JobRun<Brief>| {
        let notebook = writer.clone();
        async move {
            let mut tx = run.app.db.begin_system(kernel::SystemReason::Verification).await?;
            jobs::cancel(&run.ctx, &mut tx, run.id).await?;
            tx.commit().await?;
            notebook.write(format!("{:?}", run.progress(50, "painting").await));
            let mut tx = run.begin().await?;
            notebook.write(format!("{:?}", run.finish(&mut tx, &1).await));
            tokio::time::sleep(std::time::Duration::from_secs(30)).await;
            notebook.write("still at it");
            Ok(())
        }
    }))
    .await;
    let id = ask(&app, &Brief::from("a")).await;
    let started = std::time::Instant::now();
    assert_eq!(app.drain().await.others, 1);
    assert!(started.elapsed().as_secs() < 20, "the heartbeat ended it");
    assert_eq!(notebook.lines(), ["Err(LeaseLost)", "Err(LeaseLost)"]);
    assert_eq!(of_job(&app, id, "state || ' ' || (outcome is null)").await, "cancelled true");
}
