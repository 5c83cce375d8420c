//! A server of a test's own, for what a shared one cannot stand: other roles, an end, a new start.

use std::path::PathBuf;

use anyhow::Result;
use platform::db::embedded::{SUPERUSER, ThrowAway};

use super::private_server;
use super::server::{connect, run};

/// Enough for two pools and their listeners.
const MAX_CONNECTIONS: u32 = 60;

/// A server that ends with the test.
#[derive(Debug)]
pub struct OwnServer {
    cluster: ThrowAway,
    folder: PathBuf,
}

impl OwnServer {
    /// Starts one; `name` tells the servers of a process apart.
    ///
    /// # Panics
    /// When there is no PostgreSQL, or it does not start.
    pub fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("machiya-{name}-{}", std::process::id()));
        let started = || -> Result<ThrowAway> {
            let cluster = ThrowAway::open(&folder, private_server::binaries()?, MAX_CONNECTIONS)?;
            cluster.start()?;
            Ok(cluster)
        };
        match started() {
            Ok(cluster) => Self { cluster, folder },
            #[expect(clippy::panic, reason = "a test without its server has failed, and its runner reports panics")]
            Err(error) => panic!("no server for this test: {error:#}"),
        }
    }

    /// The address of a database for a role; every role may come in.
    pub fn url(&self, role: &str, database: &str) -> String {
        self.cluster.url(role, database)
    }

    /// The address of a database for the superuser.
    pub fn superuser_url(&self, database: &str) -> String {
        self.url(SUPERUSER, database)
    }

    /// Makes an empty database that belongs to `owner`.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn create_database(&self, name: &str, owner: &str) {
        let made = async {
            let mut superuser = connect(&self.superuser_url("postgres")).await?;
            let options = "template template0 encoding 'UTF8' locale 'C.UTF-8'";
            run(&mut superuser, format!("create database {name} {options} owner {owner}")).await
        };
        #[expect(clippy::expect_used, reason = "a test without its database has failed")]
        made.await.expect("the database is made");
    }

    /// Stops the server as a crash would.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&self) {
        #[expect(clippy::expect_used, reason = "a test that cannot stop its server has failed")]
        self.cluster.stop().expect("the server stops");
    }

    /// Starts the stopped server again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        #[expect(clippy::expect_used, reason = "a test that cannot start its server has failed")]
        self.cluster.start().expect("the server starts");
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // What stays behind is a folder of a temporary place.
        let _ = self.cluster.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
