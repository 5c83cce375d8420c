//! Workers that are real processes, killed and frozen at every step, slow, or cut off from the database. Whatever
//! happens to them, the effect of a job happens once.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration as StdDuration, Instant};

use crate::apps::{EFFECTS, app};
use crate::proxy::Proxy;
use crate::running::Notebook;
use kernel::{JobId, SystemReason};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use platform::App;
use platform::jobs::{self, Job, JobError, JobRun, Registry, SessionTiming, Worker};
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection};
use testkit::cluster::{TestDatabase, fresh_database};

/// Work that stops for a while at one of its steps, so that something can be done to its process there.
#[derive(Serialize, Deserialize)]
struct Steps {
    stop_at: String,
}

impl Job for Steps {
    const NAME: &'static str = "test.steps";
}

/// A worker that is not heard counts as gone after two seconds here, lest a test takes long.
const TIMING: SessionTiming = SessionTiming {
    ping_every: StdDuration::from_millis(100),
    worker_waits: StdDuration::from_millis(1_500),
    server_waits: StdDuration::from_secs(2),
};

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
    if who == "child" && run.job.stop_at == "blocked" && step == "written" {
        println!("at {step}");
        // Nothing else of the runtime runs until the test says so.
        std::io::stdin().read_line(&mut String::new()).unwrap();
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
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let app = app(&web_url, &service_url, &folder);
        println!("ready");
        Worker::with_timing(app.clone(), registry("child"), 2, TIMING).run().await;
    });
}

/// A running worker process and what it says.
struct Process {
    child: Child,
    input: ChildStdin,
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
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
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

/// A process that was killed and is started again, or another one, goes on with what was interrupted.
#[tokio::test]
async fn killed_work_goes_on_within_five_seconds_of_the_restart() {
    let mut scene = Scene::new("kill-restart").await;
    let mut process = Process::start(&scene.database, &scene.folder);
    process.until("ready");
    let id = scene.ask("claimed").await;
    process.until("at claimed");
    process.signal(Signal::SIGKILL);
    process.child.wait().unwrap();
    let mut again = Process::start(&scene.database, &scene.folder);
    again.until("ready");
    let restarted = Instant::now();
    again.until("finish holds");
    assert!(restarted.elapsed() < StdDuration::from_secs(5), "{:?}", restarted.elapsed());
    while scene.job(id).await.0 == "running" {
        tokio::task::yield_now().await;
    }
    assert_eq!(scene.job(id).await, ("succeeded".to_owned(), 2));
    assert_eq!(scene.effects().await, ["child"]);
}

/// A handler that blocks the only thread of its process keeps its job, for however long other workers look at it.
#[tokio::test]
async fn a_slow_worker_keeps_its_job() {
    let mut scene = Scene::new("slow").await;
    let mut process = Process::start(&scene.database, &scene.folder);
    process.until("ready");
    let id = scene.ask("blocked").await;
    process.until("at written");
    let worker = Worker::with_timing(scene.app.clone(), registry("other"), 1, TIMING);
    let begun = Instant::now();
    while begun.elapsed() < 2 * TIMING.server_waits {
        worker.upkeep().await;
        assert_eq!(worker.drain().await.unwrap(), jobs::Drained::default());
    }
    process.input.write_all(b"\n").unwrap();
    process.until("finish holds");
    while scene.job(id).await.0 == "running" {
        tokio::task::yield_now().await;
    }
    assert_eq!(scene.job(id).await, ("succeeded".to_owned(), 1));
    assert_eq!(scene.effects().await, ["child"]);
}

/// Notes when its attempt is given up.
struct GivenUp(Notebook);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.write("given up");
    }
}

/// The wire to the database is cut: both ends believe that the other is there. The worker gives its job up by itself, and
/// another one does it; what the first had sent comes too late. When the wire is mended, the first one works again.
#[tokio::test]
async fn a_worker_that_is_cut_off_gives_its_jobs_up_and_another_does_them() {
    let mut scene = Scene::new("cut").await;
    let proxy = Proxy::start(scene.database.service_url()).await;
    let (web_url, service_url) = (proxy.through(scene.database.web_url()), proxy.through(scene.database.service_url()));
    let far = app(&web_url, &service_url, &scene.folder);
    let notebook = Notebook::default();
    let writer = notebook.clone();
    let handler = Registry::new().on(move |run: JobRun<Steps>| {
        let notebook = writer.clone();
        async move {
            if run.job.stop_at == "cut" {
                notebook.write("begun");
                let given_up = GivenUp(notebook);
                std::future::pending::<()>().await;
                drop(given_up);
            }
            handle(run, "far").await
        }
    });
    far.tasks.spawn(Worker::with_timing(far.clone(), handler, 1, TIMING).run());
    let id = scene.ask("cut").await;
    notebook.filled(1).await;
    let worker = Worker::new(scene.app.clone(), registry("other"), 1);
    worker.upkeep().await;
    assert_eq!(worker.drain().await.unwrap(), jobs::Drained::default(), "its worker lives");
    proxy.cut();
    scene.take_over(id).await;
    notebook.filled(2).await;
    assert_eq!(notebook.lines(), ["begun", "given up"]);
    proxy.mend();
    let next = scene.ask("nowhere").await;
    while scene.job(next).await.0 != "succeeded" {
        tokio::task::yield_now().await;
    }
    assert_eq!(scene.effects().await, ["other", "far"]);
    assert_eq!(scene.job(id).await, ("succeeded".to_owned(), 2));
    far.tasks.begin_stop();
}
