//! Leases: the jobs of a worker that is gone are taken over, who was overtaken writes nothing, who lives is left alone.

use platform::jobs::{JobError, JobRun, Registry, Worker};
use sqlx::{Connection as _, PgConnection};
use testkit::TestApp;
use time::Duration;

use crate::apps::EFFECTS;
use crate::running::{Notebook, Plain, Twice, app_with, ask, noting, of_job};

/// Ends the sessions of all workers as the database sees them, while the workers live.
const END_SESSIONS: &str = "select pg_terminate_backend(pid, 5000) from pg_stat_activity
                             where application_name = 'machiya_worker' and datname = current_database()";

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

async fn end_sessions(owner_url: &str) -> anyhow::Result<()> {
    let mut owner = PgConnection::connect(owner_url).await?;
    sqlx::raw_sql(END_SESSIONS).execute(&mut owner).await?;
    Ok(owner.close().await?)
}

/// What another worker does with the job of `run` once the session of its own worker has ended.
async fn overtake(run: &JobRun<Plain>, owner_url: &str) -> anyhow::Result<u32> {
    let other = || {
        let registry = Registry::new().on(|run: JobRun<Plain>| async move { effect(&run, "second").await });
        Worker::new(run.app.clone(), registry, 1)
    };
    let waiting = other();
    waiting.upkeep().await;
    anyhow::ensure!(waiting.drain().await?.succeeded == 0, "its worker lives");
    drop(waiting);
    loop {
        // The worker that lives may have its session again before the other one looks.
        end_sessions(owner_url).await?;
        let other = other();
        other.upkeep().await;
        let ran = other.drain().await?.succeeded;
        if ran > 0 {
            return Ok(ran);
        }
    }
}

/// The session of the first attempt ends, another worker does the job, and then the first one wants to finish.
#[tokio::test]
async fn who_was_overtaken_writes_nothing() {
    let notebook = Notebook::default();
    let (writer, address) = (notebook.clone(), Notebook::default());
    let owner_url = address.clone();
    let app = app_with(Registry::new().on(move |run: JobRun<Plain>| {
        let (notebook, owner_url) = (writer.clone(), owner_url.lines().concat());
        async move {
            notebook.write(format!("the other ran {}", overtake(&run, &owner_url).await?));
            let ended = effect(&run, "first").await;
            notebook.write(format!("{ended:?}"));
            ended
        }
    }))
    .await;
    address.write(app.database.superuser_url());
    app.execute(EFFECTS).await;
    let id = ask(&app, &Plain::from("a")).await;
    assert_eq!(app.drain().await.others, 1);
    assert_eq!(notebook.lines(), ["the other ran 1", "Err(LeaseLost)"]);
    assert_eq!(effects(&app).await, "second");
    let row = of_job(&app, id, "state || ' ' || attempts || ' ' || (outcome #>> '{}')").await;
    assert_eq!(row, "succeeded 2 second");
}

/// An overtaken attempt that fails does not put the job back, and one that gives up does not mark it dead.
#[tokio::test]
async fn who_was_overtaken_ends_nothing() {
    for gives_up in [false, true] {
        let notebook = Notebook::default();
        let (writer, address) = (notebook.clone(), Notebook::default());
        let owner_url = address.clone();
        let registry = Registry::new()
            .on(move |run: JobRun<Plain>| {
                let owner_url = owner_url.lines().concat();
                async move {
                    overtake(&run, &owner_url).await?;
                    let error = anyhow::anyhow!("too late");
                    Err(if gives_up { JobError::give_up(error) } else { error.into() })
                }
            })
            .on_dead(move |_: JobRun<Plain>| {
                let notebook = writer.clone();
                async move {
                    notebook.write("marked dead");
                    Ok(())
                }
            });
        let app = app_with(registry).await;
        address.write(app.database.superuser_url());
        app.execute(EFFECTS).await;
        let id = ask(&app, &Plain::from("a")).await;
        app.drain().await;
        assert_eq!(of_job(&app, id, "state").await, "succeeded");
        assert_eq!(notebook.len(), 0);
    }
}

/// Other workers look for what is abandoned again and again, and whatever the clock says, they leave it.
#[tokio::test]
async fn who_lives_is_left_alone() {
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let app = app_with(Registry::new().on(move |run: JobRun<Plain>| {
        let notebook = writer.clone();
        async move {
            let other = Worker::new(run.app.clone(), noting::<Plain>(&notebook), 1);
            for hours in 0..15 {
                if let kernel::Clock::Manual(clock) = &run.app.clock {
                    clock.advance(Duration::hours(hours));
                }
                other.upkeep().await;
                other.drain().await?;
            }
            effect(&run, "first").await
        }
    }))
    .await;
    app.execute(EFFECTS).await;
    let id = ask(&app, &Plain::from("a")).await;
    assert_eq!(app.drain().await.succeeded, 1);
    assert_eq!((notebook.len(), effects(&app).await.as_str()), (0, "first"));
    assert_eq!(of_job(&app, id, "attempts").await, "1");
}

/// The database knows who works at a job: the row names the lock that its worker holds.
#[tokio::test]
async fn a_lease_belongs_to_the_session_of_its_worker() {
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let app = app_with(Registry::new().on(move |run: JobRun<Plain>| {
        let notebook = writer.clone();
        async move {
            let mut tx = run.begin().await?;
            let holder: String = sqlx::query_scalar(
                "select a.application_name from public.jobs as j
                   join pg_locks as l on l.locktype = 'advisory' and l.mode = 'ExclusiveLock' and l.granted
                    and ((l.classid::bigint << 32) | l.objid::bigint) = j.lease_session
                   join pg_stat_activity as a on a.pid = l.pid",
            )
            .fetch_one(tx.conn())
            .await?;
            notebook.write(holder);
            Ok(())
        }
    }))
    .await;
    ask(&app, &Plain::from("a")).await;
    app.drain().await;
    assert_eq!(notebook.lines(), ["machiya_worker"]);
}

/// A job that ends its worker every time is counted at the claim, so it does not come back for ever.
#[tokio::test]
async fn a_job_that_kills_its_workers_dies_in_the_end() {
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let registry = Registry::new().on(|_: JobRun<Twice>| async move { Ok(()) }).on_dead(move |run: JobRun<Twice>| {
        let notebook = writer.clone();
        async move {
            notebook.write(format!("{} is dead after {}", run.job.note, run.attempt));
            Ok(())
        }
    });
    let app = app_with(registry).await;
    let id = ask(&app, &Twice::from("a")).await;
    for attempt in 1..=2 {
        // What a claim leaves behind when its process is killed.
        let mut worker = app.owner().await;
        sqlx::query("select pg_advisory_lock(42)").execute(&mut worker).await.unwrap();
        let claimed = format!(
            "update public.jobs set state = 'running', attempts = {attempt}, lease_token = gen_random_uuid(), lease_session = 42"
        );
        app.execute(&claimed).await;
        app.worker().upkeep().await;
        assert_eq!(of_job(&app, id, "state").await, "running", "its worker lives");
        worker.close().await.unwrap();
        while app.value::<bool>("select exists (select from pg_locks where locktype = 'advisory' and objid = 42)").await
        {
            tokio::task::yield_now().await;
        }
        app.worker().upkeep().await;
    }
    assert_eq!(of_job(&app, id, "state || ' ' || last_error").await, "dead its worker is gone");
    assert_eq!(notebook.lines(), ["a is dead after 2"]);
}

/// The end of an attempt could not be recorded, and its worker lives: it takes up again what it has let go.
#[tokio::test]
async fn a_worker_takes_up_what_it_has_let_go() {
    let notebook = Notebook::default();
    let app = app_with(noting::<Plain>(&notebook)).await;
    let id = ask(&app, &Plain::from("a")).await;
    app.execute(
        "create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
         create trigger jobs_fail before update on public.jobs for each row
           when (new.state = 'succeeded') execute function public.fail();",
    )
    .await;
    assert_eq!(app.drain().await.others, 1);
    assert_eq!(of_job(&app, id, "state").await, "running");
    app.execute("drop trigger jobs_fail on public.jobs").await;
    assert_eq!(app.upkeep().await.succeeded, 1);
    assert_eq!(of_job(&app, id, "state || ' ' || attempts").await, "succeeded 2");
    assert_eq!(notebook.len(), 2);
}

/// A restart of the database ends every session at once; workers that live hold theirs again before others may conclude
/// that they are dead.
#[tokio::test]
async fn a_restart_of_the_database_takes_no_job_from_a_worker_that_lives() {
    let notebook = Notebook::default();
    let (begun, finish) =
        (std::sync::Arc::new(tokio::sync::Notify::new()), std::sync::Arc::new(tokio::sync::Notify::new()));
    let (begins, finishes, writer) = (begun.clone(), finish.clone(), notebook.clone());
    let app = app_with(Registry::new().on(move |run: JobRun<Plain>| {
        let (begins, finishes, notebook) = (begins.clone(), finishes.clone(), writer.clone());
        async move {
            begins.notify_one();
            finishes.notified().await;
            notebook.write(format!("attempt {}", run.attempt));
            effect(&run, "first").await
        }
    }))
    .await;
    app.execute(EFFECTS).await;
    for worker in [app.another_worker(), app.another_worker()] {
        app.state.tasks.spawn(worker.run());
    }
    let id = ask(&app, &Plain::from("a")).await;
    begun.notified().await;
    let sessions = "select count(*) from pg_locks as l join pg_stat_activity as a using (pid)
                     where l.locktype = 'advisory' and a.application_name = 'machiya_worker'";
    end_sessions(app.database.superuser_url()).await.unwrap();
    while app.value::<i64>(sessions).await < 2 {
        tokio::task::yield_now().await;
    }
    finish.notify_one();
    notebook.filled(1).await;
    while of_job(&app, id, "state").await == "running" {
        tokio::task::yield_now().await;
    }
    assert_eq!(of_job(&app, id, "state || ' ' || attempts").await, "succeeded 1");
    assert_eq!(effects(&app).await, "first");
}
