//! The installation of a test.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use axum::{Extension, Router};
use kernel::{Actor, Clock, Ctx, Locale, ManualClock, Random, SystemReason};
use platform::config::Config;
use platform::db::DatabaseAddresses;
use platform::http::RouteScopes;
use platform::jobs::{Drained, ProgressFeed, Registry, Worker};
use platform::storage::{LinkSigner, Storage};
use platform::tasks::Tasks;
use platform::{App, AppParts, Database, Tx};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::client::TestClient;
use crate::cluster::database::{TestDatabase, fresh_database};
use crate::cluster::server;

/// When every test begins: noon in Tokyo on a Friday.
pub const BEGINNING: OffsetDateTime = datetime!(2026-11-20 03:00 UTC);

/// A running installation; it stops when dropped.
pub struct TestApp {
    /// The parts that handlers and jobs use.
    pub state: App,
    /// Its clock, which stands still until the test moves it.
    pub clock: ManualClock,
    /// The database of this test alone.
    pub database: TestDatabase,
    /// Its address: `http://127.0.0.1:{port}`.
    pub url: String,
    registry: Registry,
    worker: Worker,
    folder: PathBuf,
}

impl TestApp {
    /// An installation with the routes and the work that `build` gives it, and the default settings.
    ///
    /// # Panics
    /// When it cannot be built; a test without its installation has failed.
    pub async fn start(build: impl FnOnce(&App) -> (Router<App>, Registry)) -> Self {
        Self::start_with(&[], build).await
    }

    /// As [`TestApp::start`], with settings by their names (`MACHIYA_…`). The listening address and public address are
    /// the platform's own.
    ///
    /// # Panics
    /// When it cannot be built.
    pub async fn start_with(settings: &[(&str, &str)], build: impl FnOnce(&App) -> (Router<App>, Registry)) -> Self {
        match Self::try_start(settings, build).await {
            Ok(app) => app,
            #[expect(clippy::panic, reason = "a test without its app has failed, and its runner reports panics")]
            Err(error) => panic!("no app for this test: {error:#}"),
        }
    }

    async fn try_start(settings: &[(&str, &str)], build: impl FnOnce(&App) -> (Router<App>, Registry)) -> Result<Self> {
        let database = fresh_database().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.context("a port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let folder = test_folder(database.name());
        let mut environment: BTreeMap<String, String> =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        environment.entry("MACHIYA_PUBLIC_URL".to_owned()).or_insert_with(|| url.clone());
        environment.insert("MACHIYA_DATA_DIR".to_owned(), folder.display().to_string());
        environment
            .entry("MACHIYA_STRIPE_WEBHOOK_SECRET".to_owned())
            .or_insert_with(|| "whsec_a_secret_of_the_tests".to_owned());
        environment
            .entry("MACHIYA_SEALING_KEY".to_owned())
            .or_insert_with(|| "a sealing key of the tests, long enough".to_owned());
        let config = Config::from_sources("", &environment)?;
        let clock = ManualClock::starting_at(BEGINNING);
        let addresses = DatabaseAddresses {
            web_url: database.web_url().to_owned(),
            service_url: database.service_url().to_owned(),
            pool_size: 20,
        };
        let signer = LinkSigner::new(b"a secret of the tests, long enough for anybody");
        let app = App::new(AppParts {
            storage: Storage::folder(&folder.join("files"), signer)?,
            config,
            db: Database::open(&addresses)?,
            clock: Clock::Manual(clock.clone()),
            random: Random::system(),
            languages: ui::languages(),
            tasks: Tasks::default(),
            progress: ProgressFeed::default(),
            http: platform::provider_client()?,
        });
        platform::jobs::follow_changes(&app);
        let (routes, registry) = build(&app);
        let registry = registry.and(identity::jobs());
        let scopes = RouteScopes::new(identity::ROUTE_SCOPES.iter().cloned());
        let own = identity::routes(&app).layer(Extension(scopes));
        let routes = routes.merge(own).merge(platform::storage::routes());
        let service = identity::wrap(&app, routes).into_make_service_with_connect_info::<SocketAddr>();
        let stopping = app.tasks.clone();
        app.tasks.spawn(async move {
            let stop = async move { stopping.stopping().await };
            if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stop).await {
                tracing::error!(%error, "the test's server ended");
            }
        });
        let worker = Worker::new(app.clone(), registry.clone(), 4);
        Ok(Self { state: app, clock, database, url, registry, worker, folder })
    }

    /// A client without a session.
    pub fn anonymous(&self) -> TestClient {
        TestClient::new(&self.state, &self.url, None)
    }

    /// Runs all work that is due, one after the other, until nothing is; returns what happened.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn drain(&self) -> Drained {
        #[expect(clippy::expect_used, reason = "a test whose database is gone has failed")]
        self.worker().drain().await.expect("the queue answers")
    }

    /// Enqueues due schedules and recovers jobs of dead workers, then runs all due work.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn upkeep(&self) -> Drained {
        self.worker().upkeep().await;
        self.drain().await
    }

    /// The worker of this installation's jobs; clones share its claims and its session. A test that drops a running
    /// attempt leaves a job that the next [`TestApp::upkeep`] finds abandoned, as after the death of a process.
    pub fn worker(&self) -> Worker {
        self.worker.clone()
    }

    /// A worker of its own, as of another process, for tests that need several.
    pub fn another_worker(&self) -> Worker {
        Worker::new(self.state.clone(), self.registry.clone(), 4)
    }

    /// Moves the clock.
    pub fn advance(&self, step: Duration) {
        self.clock.advance(step);
    }

    /// A transaction of the platform.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn tx(&self) -> Tx {
        #[expect(clippy::expect_used, reason = "a test whose database is gone has failed")]
        self.state.db.begin_system(SystemReason::Verification).await.expect("the database answers")
    }

    /// A context in which the platform acts.
    pub fn ctx(&self) -> Ctx {
        self.state.ctx(Actor::System(SystemReason::Verification), Locale::Ja)
    }

    /// One value by a statement of the test's own, as the owner of the database, past row level security.
    ///
    /// # Panics
    /// When the statement fails.
    pub async fn value<T>(&self, statement: &str) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
    {
        #[expect(clippy::expect_used, reason = "a test's statement that fails is a failed test")]
        server::one_value(self.database.superuser_url(), statement).await.expect("the statement runs")
    }

    /// The path of the link in the newest mail to an address.
    ///
    /// # Panics
    /// When there is no such mail, or no link in it.
    pub async fn mailed_link(&self, address: &str) -> String {
        let body: String = self
            .value(&format!(
                "select body_text from mails where recipient_address = '{address}' order by created_at desc, id desc limit 1"
            ))
            .await;
        let link = body.split_whitespace().find_map(|word| word.strip_prefix(&self.url));
        #[expect(clippy::expect_used, reason = "a test that expects a link and gets none has failed")]
        link.expect("a link in the mail").to_owned()
    }

    /// A connection as the owner of the database, past row level security; for [`crate::builders`].
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn owner(&self) -> PgConnection {
        #[expect(clippy::expect_used, reason = "a test whose database is gone has failed")]
        server::connect(self.database.superuser_url()).await.expect("the database answers")
    }

    /// Runs statements of the test's own, as the owner of the database.
    ///
    /// # Panics
    /// When one fails.
    pub async fn execute(&self, statements: &str) {
        #[expect(clippy::expect_used, reason = "a test's statement that fails is a failed test")]
        server::execute(self.database.superuser_url(), statements).await.expect("the statements run");
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.state.tasks.begin_stop();
        // A folder that stays behind is in memory or a temporary place, and named after its test database.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn test_folder(name: &str) -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
    base.join(format!("machiya-files-{name}"))
}
