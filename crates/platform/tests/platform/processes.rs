//! Workers that are real processes, killed and frozen at every step. Whatever happens to them, the effect of a job
//! happens once.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration as StdDuration;

use kernel::{JobId, SystemReason};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use platform::App;
use platform::jobs::{self, Job, JobError, JobRun, Registry, Worker};
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection};
use testkit::cluster::{TestDatabase, fresh_database};
use time::Duration;

use crate::apps::{EFFECTS, app};

/// Work that stops for a while at one of its steps, so that something can be done to its process there.
#[derive(Serialize, Deserialize)]
struct Steps {
    stop_at: String,
}

impl Job for Steps {
    const NAME: &'static str = "test.steps";
    const LEASE: Duration = Duration::seconds(1);
}

/// Everywhere between the claim and the end.
const STEPS: [&str; 4] = ["claimed", "written", "finished", "committed"];

/// Handler of both the child and the test itself; only the child stops anywhere.
async fn handle(run: JobRun<Steps>, who: &'static str) -> Result<(), JobError> {
    step(&run, who, "claimed").await;
    let mut tx = run.begin().await?;
    sqlx::query("insert into public.effects (who) values ($1)").bind(who).execute(tx.conn()).await?;
    step(&run, who, "written").await;
    let finished = run.finish(&mut tx, &who).await;
    if who == "child" {
        println!("finish {}", if finished.is_ok() { "holds" } else { "is lost" });
    }
    finished?;
    step(&run, who, "finished").await;
    tx.commit().await?;
    step(&run, who, "committed").await;
    Ok(())
}

/// The first attempt says where it is and stays there long enough to be killed or frozen.
async fn step(run: &JobRun<Steps>, who: &str, step: &str) {
    if who == "child" && run.attempt == 1 && run.job.stop_at == step {
        println!("at {step}");
        tokio::time::sleep(StdDuration::from_millis(1_500)).await;
    }
}

fn registry(who: &'static str) -> Registry {
    Registry::new().on(move |run: JobRun<Steps>| handle(run, who))
}

/// The worker process: this test program again, with this as its only test.
#[test]
#[ignore = "run as a process of its own by the tests beside it"]
fn worker_process() {
    let Ok(web_url) = std::env::var("MACHIYA_TEST_WEB_URL") else { return };
    let service_url = std::env::var("MACHIYA_TEST_SERVICE_URL").unwrap();
    let folder = PathBuf::from(std::env::var("MACHIYA_TEST_FOLDER").unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let app = app(&web_url, &service_url, &folder);
        println!("ready");
        Worker::new(app, registry("child"), 2).run().await;
    });
}

/// A running worker process and what it says.
struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(database: &TestDatabase, folder: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["processes::worker_process", "--exact", "--ignored", "--nocapture"]);
        command
            .env("MACHIYA_TEST_WEB_URL", database.web_url())
            .env("MACHIYA_TEST_SERVICE_URL", database.service_url())
            .env("MACHIYA_TEST_FOLDER", folder);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Waits until the process says `words`.
    fn until(&mut self, words: &str) {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if line.contains(words) {
                return;
            }
            line.clear();
        }
        panic!("the worker ended without saying {words:?}");
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A database, an installation of this process, and a folder.
struct Scene {
    database: TestDatabase,
    app: App,
    folder: PathBuf,
    owner: PgConnection,
}

impl Scene {
    async fn new(name: &str) -> Self {
        let database = fresh_database().await;
        let folder = std::env::temp_dir().join(format!("machiya-{name}-{}", std::process::id()));
        let mut owner = PgConnection::connect(database.superuser_url()).await.unwrap();
        sqlx::raw_sql(EFFECTS).execute(&mut owner).await.unwrap();
        let app = app(database.web_url(), database.service_url(), &folder);
        Self { database, app, folder, owner }
    }

    async fn ask(&self, stop_at: &str) -> JobId {
        let ctx = self.app.system_ctx(SystemReason::Verification);
        let mut tx = self.app.db.begin_system(SystemReason::Verification).await.unwrap();
        let id = jobs::enqueue(&ctx, &mut tx, &Steps { stop_at: stop_at.to_owned() }).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// What the worker of this process does until the job has ended, as another machine would.
    async fn take_over(&mut self, id: JobId) {
        let worker = Worker::new(self.app.clone(), registry("other"), 1);
        for _ in 0..100 {
            worker.upkeep().await;
            worker.drain().await.unwrap();
            if self.job(id).await.0 == "succeeded" {
                return;
            }
            tokio::time::sleep(StdDuration::from_millis(100)).await;
        }
        panic!("the job did not end: {:?}", self.job(id).await);
    }

    async fn job(&mut self, id: JobId) -> (String, i32) {
        sqlx::query_as("select state, attempts from public.jobs where id = $1")
            .bind(id.uuid())
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    async fn effects(&mut self) -> Vec<String> {
        sqlx::query_scalar("select who from public.effects order by at").fetch_all(&mut self.owner).await.unwrap()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn killed_at(step: &str, who: &str, attempts: i32) {
    let mut scene = Scene::new(&format!("kill-{step}")).await;
    let mut process = Process::start(&scene.database, &scene.folder);
    process.until("ready");
    let id = scene.ask(step).await;
    process.until(&format!("at {step}"));
    process.signal(Signal::SIGKILL);
    process.child.wait().unwrap();
    scene.take_over(id).await;
    assert_eq!(scene.effects().await, [who], "one effect, of {who}");
    assert_eq!(scene.job(id).await, ("succeeded".to_owned(), attempts));
}

#[tokio::test]
async fn killed_after_the_claim() {
    killed_at(STEPS[0], "other", 2).await;
}

#[tokio::test]
async fn killed_after_the_effect_was_written() {
    killed_at(STEPS[1], "other", 2).await;
}

#[tokio::test]
async fn killed_after_the_job_was_finished() {
    killed_at(STEPS[2], "other", 2).await;
}

#[tokio::test]
async fn killed_after_the_commit() {
    killed_at(STEPS[3], "child", 1).await;
}

/// Killed again and again, at another step each time.
#[tokio::test]
async fn killed_three_times_over() {
    let mut scene = Scene::new("kill-thrice").await;
    let mut ids = Vec::new();
    for step in &STEPS[..3] {
        let mut process = Process::start(&scene.database, &scene.folder);
        process.until("ready");
        ids.push(scene.ask(step).await);
        process.until(&format!("at {step}"));
        process.signal(Signal::SIGKILL);
        process.child.wait().unwrap();
    }
    for id in ids {
        scene.take_over(id).await;
    }
    assert_eq!(scene.effects().await.len(), 3);
}

/// The process is stopped as a whole, as by a suspended machine, until another one has done its work; then it goes on
/// where it was.
async fn frozen_at(step: &str) {
    let mut scene = Scene::new(&format!("freeze-{step}")).await;
    let mut process = Process::start(&scene.database, &scene.folder);
    process.until("ready");
    let id = scene.ask(step).await;
    process.until(&format!("at {step}"));
    process.signal(Signal::SIGSTOP);
    scene.take_over(id).await;
    assert_eq!(scene.job(id).await, ("succeeded".to_owned(), 2));
    process.signal(Signal::SIGCONT);
    // Either it still wants to finish and may not, or its heartbeat has told it first; the next job shows that it lives.
    let next = scene.ask("nowhere").await;
    process.until("finish holds");
    let mut ended = scene.job(next).await;
    for _ in 0..100 {
        if ended.0 == "succeeded" {
            break;
        }
        tokio::time::sleep(StdDuration::from_millis(50)).await;
        ended = scene.job(next).await;
    }
    assert_eq!(ended, ("succeeded".to_owned(), 1));
    assert_eq!(scene.effects().await, ["other", "child"], "one effect a job");
    assert_eq!(scene.job(id).await, ("succeeded".to_owned(), 2));
}

#[tokio::test]
async fn frozen_after_the_claim() {
    frozen_at(STEPS[0]).await;
}

#[tokio::test]
async fn frozen_after_the_effect_was_written() {
    frozen_at(STEPS[1]).await;
}

/// Frozen with the job already marked in an open transaction: nobody can take over while the transaction lives, and the
/// process ends its work when it wakes up.
#[tokio::test]
async fn frozen_just_before_the_commit() {
    let mut scene = Scene::new("freeze-commit").await;
    let mut process = Process::start(&scene.database, &scene.folder);
    process.until("ready");
    let id = scene.ask("finished").await;
    process.until("at finished");
    process.signal(Signal::SIGSTOP);
    let worker = Worker::new(scene.app.clone(), registry("other"), 1);
    for _ in 0..20 {
        worker.upkeep().await;
        assert_eq!(worker.drain().await.unwrap(), jobs::Drained::default());
        tokio::time::sleep(StdDuration::from_millis(100)).await;
    }
    process.signal(Signal::SIGCONT);
    scene.take_over(id).await;
    assert_eq!(scene.effects().await, ["child"]);
    assert_eq!(scene.job(id).await, ("succeeded".to_owned(), 1));
}
