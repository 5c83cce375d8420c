//! Starts the program, speaks with it, kills it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::cluster::{TestDatabase, fresh_database};
use tokio::process::{Child, Command};

/// The program on a port of its own, with a database and a data folder that outlive it.
pub(crate) struct Program {
    pub(crate) database: TestDatabase,
    pub(crate) url: String,
    folder: PathBuf,
    settings: Vec<(&'static str, &'static str)>,
    child: Option<Child>,
    http: reqwest::Client,
}

/// What everybody types who has an account here.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) token: String,
    pub(crate) email: String,
}

impl Program {
    /// A fresh database and folder, and the program serving.
    pub(crate) async fn start() -> Self {
        // As in the demo: a walk that is not about mail does not wait for a mailbox.
        Self::start_with(&[("MACHIYA_VERIFIED_ADDRESSES", "off")]).await
    }

    /// As [`Self::start`], with settings of one's own.
    pub(crate) async fn start_with(settings: &[(&'static str, &'static str)]) -> Self {
        let database = fresh_database().await;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let folder = std::env::temp_dir().join(format!("machiya-program-{}", database.name()));
        let mut program = Self {
            database,
            url: format!("http://{address}"),
            folder,
            settings: settings.to_vec(),
            child: None,
            http: platform::provider_client().expect("a client"),
        };
        program.run().await;
        program
    }

    /// The program as a command with the test's settings.
    pub(crate) fn command(&self, command: &str) -> Command {
        let mut machiya = Command::new(env!("CARGO_BIN_EXE_machiya"));
        machiya
            .arg(command)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("MACHIYA_DATABASE_URL", self.database.superuser_url())
            .env("MACHIYA_DATABASE_WEB_URL", self.database.web_url())
            .env("MACHIYA_DATABASE_SERVICE_URL", self.database.service_url())
            .env("MACHIYA_DATA_DIR", &self.folder)
            .env("MACHIYA_LISTEN", self.url.trim_start_matches("http://"))
            .env("MACHIYA_SEED_DEMO", "off")
            .env("MACHIYA_LOG", "warn")
            .envs(self.settings.iter().copied())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        machiya
    }

    /// Starts serving and waits until it is ready.
    pub(crate) async fn run(&mut self) {
        let child = self.command("serve").stdout(Stdio::null()).spawn().expect("the program starts");
        self.child = Some(child);
        self.until("the program is ready", async || {
            let answer = self.http.get(format!("{}/readyz", self.url)).send().await;
            answer.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.expect("the program is killed");
        }
    }

    /// `SIGTERM`; returns whether it ended well.
    pub(crate) async fn stop(&mut self) -> bool {
        let Some(mut child) = self.child.take() else { return true };
        let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id().unwrap_or(0)).unwrap_or(0));
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).expect("a signal");
        child.wait().await.is_ok_and(|status| status.success())
    }

    /// Asks until `holds`, for at most a minute.
    pub(crate) async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        for _ in 0..1_200 {
            if holds().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never came about that {what}");
    }

    /// `GET` as somebody, or as nobody.
    pub(crate) async fn get(&self, who: Option<&Person>, path: &str) -> (u16, Value) {
        let mut request = self.http.get(self.address(path));
        if let Some(who) = who {
            request = request.bearer_auth(&who.token);
        }
        read(request.send().await.expect("the program answers")).await
    }

    /// `POST` of JSON as somebody, or as nobody.
    pub(crate) async fn post(&self, who: Option<&Person>, path: &str, body: Value) -> (u16, Value) {
        let mut request = self.http.post(self.address(path)).json(&body);
        if let Some(who) = who {
            request = request.bearer_auth(&who.token);
        }
        read(request.send().await.expect("the program answers")).await
    }

    /// Presses a button of the sandbox's checkout page.
    pub(crate) async fn press(&self, checkout_url: &str, outcome: &str) -> u16 {
        self.submit(checkout_url, &[("outcome", outcome)]).await
    }

    /// The bytes behind an address, following redirects.
    pub(crate) async fn bytes(&self, who: Option<&Person>, path: &str) -> Vec<u8> {
        let mut path = path.to_owned();
        for _ in 0..5 {
            let mut request = self.http.get(self.address(&path));
            if let Some(who) = who.filter(|_| !path.contains("/files/")) {
                request = request.bearer_auth(&who.token);
            }
            let answer = request.send().await.expect("the program answers");
            if !answer.status().is_redirection() {
                assert_eq!(answer.status(), 200, "{path}");
                return answer.bytes().await.expect("a body").to_vec();
            }
            path = answer.headers()["location"].to_str().expect("a location").to_owned();
        }
        panic!("too many redirects from {path}");
    }

    fn address(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) }
    }

    /// Makes an account.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let email = format!("{name}@example.jp");
        let body = json!({"email": email, "password": PASSWORD, "displayName": name});
        let (status, answer) = self.post(None, "/api/auth/signup", body).await;
        assert_eq!(status, 201, "{answer}");
        Person { token: answer["accessToken"].as_str().expect("a token").to_owned(), email }
    }

    /// Makes a picture and puts it into the gallery; returns (generation, listing).
    pub(crate) async fn publish(&self, who: &Person, license: &str, price_yen: i64, extra: &str) -> (String, String) {
        let id = self.draw(who, extra).await;
        let offer = json!({"historyId": id, "priceCents": price_yen, "licenseType": license, "title": "紺のワンピース",
            "tags": ["紺"]});
        let (status, published) = self.post(Some(who), "/api/user-gallery/publish", offer).await;
        assert!((200..300).contains(&status), "{published}");
        (id, published["listingId"].as_str().expect("a listing").to_owned())
    }

    /// Makes a picture; returns its generation.
    pub(crate) async fn draw(&self, who: &Person, extra: &str) -> String {
        let body = json!({"aspectRatio": "3:4", "answers": {"vibe": ["minimal"], "silhouette": ["a-line"],
            "color": ["navy"], "occasion": ["office"], "season": ["spring"], "extra": extra}});
        let (status, made) = self.post(Some(who), "/api/nano/generate?wait=60", body).await;
        assert_eq!(status, 200, "{made}");
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Sends a form as nobody; returns the status.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> u16 {
        let answer = self.http.post(self.address(path)).form(fields).send().await.expect("the program answers");
        answer.status().as_u16()
    }

    /// Orders a listing; returns (order, checkout address).
    pub(crate) async fn check_out(&self, who: &Person, listing: &str) -> (String, String) {
        let (status, answer) = self.post(Some(who), "/api/checkout", json!({"listingId": listing})).await;
        assert_eq!(status, 200, "{answer}");
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        (text("orderId"), text("url"))
    }

    /// Waits until the package of an order can be downloaded.
    pub(crate) async fn until_delivered(&self, order_id: &str) {
        let statement = format!("select count(*) from deliveries where order_id = '{order_id}' and state = 'ready'");
        self.until("the order is delivered", async || self.count(&statement).await == 1).await;
    }

    /// Counts, past row level security.
    pub(crate) async fn count(&self, statement: &str) -> i64 {
        use sqlx::Connection as _;
        let mut owner = sqlx::PgConnection::connect(self.database.superuser_url()).await.expect("the database answers");
        let count = sqlx::query_scalar(sqlx::AssertSqlSafe(statement.to_owned())).fetch_one(&mut owner).await;
        owner.close().await.expect("the connection closes");
        count.expect("the statement counts")
    }

    /// Runs a statement, past row level security.
    pub(crate) async fn execute(&self, statement: &str) {
        use sqlx::Connection as _;
        let mut owner = sqlx::PgConnection::connect(self.database.superuser_url()).await.expect("the database answers");
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        sqlx::raw_sql(statement).execute(&mut owner).await.expect("the statement runs");
        owner.close().await.expect("the connection closes");
    }

    /// `machiya verify` beside the running program; panics with its findings.
    pub(crate) async fn verify(&self) {
        let done = self.command("verify").output().await.expect("verify runs");
        let printed = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{printed}\n{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(printed.matches("holds").count(), 6, "{printed}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // What a failed test leaves behind lies in a temporary folder named after its database.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn read(answer: reqwest::Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let bytes = answer.bytes().await.expect("a body");
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}
