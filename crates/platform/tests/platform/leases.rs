//! Leases: who has fallen silent is overtaken, who was overtaken writes nothing, who lives is left alone.

use platform::jobs::{JobError, JobRun, Registry, Worker};
use testkit::TestApp;
use time::Duration;

use crate::apps::EFFECTS;
use crate::running::{Brief, Notebook, Plain, Twice, app_with, ask, of_job};

/// Writes an effect and ends the job in one transaction, as every handler should.
async fn effect<J>(run: &JobRun<J>, who: &str) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    sqlx::query("insert into public.effects (who) values ($1)").bind(who).execute(tx.conn()).await?;
    run.finish(&mut tx, &who).await?;
    tx.commit().await?;
    Ok(())
}

async fn effects(app: &TestApp) -> String {
    app.value("select coalesce(string_agg(who, ' ' order by at), '') from public.effects").await
}

/// The first attempt falls silent (the clock jumps past its lease), another worker does the job, and then the first one
/// wakes up and wants to finish.
#[tokio::test]
async fn who_was_overtaken_writes_nothing() {
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let app = app_with(Registry::new().on(move |run: JobRun<Plain>| {
        let notebook = writer.clone();
        async move {
            let other = Registry::new().on(|run: JobRun<Plain>| async move { effect(&run, "second").await });
            let other = Worker::new(run.app.clone(), other, 1);
            if let kernel::Clock::Manual(clock) = &run.app.clock {
                clock.advance(Duration::seconds(61));
            }
            other.upkeep().await;
            let ran = other.drain().await?;
            notebook.write(format!("the other ran {}", ran.succeeded));
            let ended = effect(&run, "first").await;
            notebook.write(format!("{ended:?}"));
            ended
        }
    }))
    .await;
    app.execute(EFFECTS).await;
    let id = ask(&app, &Plain::from("a")).await;
    assert_eq!(app.drain().await.others, 1);
    assert_eq!(notebook.lines(), ["the other ran 1", "Err(LeaseLost)"]);
    assert_eq!(effects(&app).await, "second");
    let row = of_job(&app, id, "state || ' ' || attempts || ' ' || (outcome #>> '{}')").await;
    assert_eq!(row, "succeeded 2 second");
}

/// An overtaken attempt that fails does not put the job back, and one that gives up does not bury it.
#[tokio::test]
async fn who_was_overtaken_ends_nothing() {
    for gives_up in [false, true] {
        let notebook = Notebook::default();
        let mourner = notebook.clone();
        let registry = Registry::new()
            .on(move |run: JobRun<Plain>| async move {
                let other = Registry::new().on(|run: JobRun<Plain>| async move { effect(&run, "second").await });
                let other = Worker::new(run.app.clone(), other, 1);
                if let kernel::Clock::Manual(clock) = &run.app.clock {
                    clock.advance(Duration::seconds(61));
                }
                other.upkeep().await;
                other.drain().await?;
                let fault = anyhow::anyhow!("too late");
                Err(if gives_up { JobError::give_up(fault) } else { fault.into() })
            })
            .on_dead(move |_: JobRun<Plain>| {
                let notebook = mourner.clone();
                async move {
                    notebook.write("mourned");
                    Ok(())
                }
            });
        let app = app_with(registry).await;
        app.execute(EFFECTS).await;
        let id = ask(&app, &Plain::from("a")).await;
        app.drain().await;
        assert_eq!(of_job(&app, id, "state").await, "succeeded");
        assert_eq!(notebook.len(), 0);
    }
}

/// Heartbeats renew the lease while the attempt lives, however long it takes.
#[tokio::test]
async fn who_lives_is_left_alone() {
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let app = app_with(Registry::new().on(move |run: JobRun<Brief>| {
        let notebook = writer.clone();
        async move {
            let other = crate::running::noting::<Brief>(&notebook);
            let other = Worker::new(run.app.clone(), other, 1);
            for _ in 0..15 {
                tokio::time::sleep(std::time::Duration::from_millis(60)).await;
                if let kernel::Clock::Manual(clock) = &run.app.clock {
                    clock.advance(Duration::milliseconds(60));
                }
                other.upkeep().await;
                other.drain().await?;
            }
            effect(&run, "first").await
        }
    }))
    .await;
    app.execute(EFFECTS).await;
    let id = ask(&app, &Brief::from("a")).await;
    assert_eq!(app.drain().await.succeeded, 1);
    assert_eq!((notebook.len(), effects(&app).await.as_str()), (0, "first"));
    assert_eq!(of_job(&app, id, "attempts").await, "1");
}

/// Each kind has its own lease, whatever else the worker can do.
#[tokio::test]
async fn a_lease_is_as_long_as_its_kind_says() {
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let app = app_with(Registry::new().on(|_: JobRun<Plain>| async move { Ok(()) }).on(move |run: JobRun<Brief>| {
        let notebook = writer.clone();
        async move {
            let mut tx = run.begin().await?;
            let lease: String = sqlx::query_scalar("select (lease_expires_at - updated_at)::text from public.jobs")
                .fetch_one(tx.conn())
                .await?;
            notebook.write(lease);
            Ok(())
        }
    }))
    .await;
    ask(&app, &Brief::from("a")).await;
    app.drain().await;
    assert_eq!(notebook.lines(), ["00:00:00.3"]);
}

/// A job that ends its worker every time is counted at the claim, so it does not come back for ever.
#[tokio::test]
async fn a_job_that_kills_its_workers_dies_in_the_end() {
    let notebook = Notebook::default();
    let mourner = notebook.clone();
    let registry = Registry::new().on(|_: JobRun<Twice>| async move { Ok(()) }).on_dead(move |run: JobRun<Twice>| {
        let notebook = mourner.clone();
        async move {
            notebook.write(format!("mourned {} after {}", run.job.note, run.attempt));
            Ok(())
        }
    });
    let app = app_with(registry).await;
    let id = ask(&app, &Twice::from("a")).await;
    for attempt in 1..=2 {
        // What a claim leaves behind when its process is killed.
        let claimed = format!(
            "update public.jobs set state = 'running', attempts = {attempt}, lease_token = gen_random_uuid(),
                    lease_expires_at = '{}'::timestamptz + interval '60 s'",
            app.clock.now()
        );
        app.execute(&claimed).await;
        app.worker().upkeep().await;
        assert_eq!(of_job(&app, id, "state").await, "running", "its lease has not ended");
        app.advance(Duration::seconds(61));
        app.worker().upkeep().await;
    }
    assert_eq!(of_job(&app, id, "state || ' ' || last_error").await, "dead the worker's lease expired");
    assert_eq!(notebook.lines(), ["mourned a after 2"]);
}
