//! The default database: a private PostgreSQL that the program finds, makes, starts, watches and stops by itself.
//!
//! What always holds:
//! - One program at a time uses a data folder (a lock of the operating system, gone with the process that holds it).
//! - What was committed survives `kill -9` of the program and of the server; nothing that a run leaves behind
//!   (a server, `postmaster.pid`, socket locks, a half-made cluster) keeps the next one from starting.
//! - The server listens on a socket in a folder of mode 0700, and on no network address.
//! - A folder that another major version made is refused and not touched.
//!
//! Absent on purpose: upgrades between major versions (`pg_upgrade` does that), and anything that needs an async
//! runtime.

mod address;
mod binaries;
mod cluster;
mod error;
mod folder_lock;
mod initialise;
mod leftovers;
mod server;
mod server_user;
mod socket_folder;
mod throw_away;

#[cfg(test)]
mod tests;

pub use address::socket_url;
pub use binaries::{Binaries, BinarySearch, OLDEST_MAJOR};
pub use error::EmbeddedError;
pub use initialise::SUPERUSER;
pub use throw_away::ThrowAway;

use folder_lock::FolderLock;
use server::{Server, ServerPlan};
use server_user::ServerUser;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// How to run the embedded database.
#[derive(Debug, Clone)]
pub struct EmbeddedSettings {
    /// The program's data folder; the database takes the folder `postgres` in it.
    pub data_dir: PathBuf,
    /// Where to look for PostgreSQL's programs.
    pub search: BinarySearch,
    /// How many connections the server accepts at once.
    pub max_connections: u32,
}

impl EmbeddedSettings {
    /// The usual settings for a data folder: PostgreSQL is looked for in the usual places of this machine, and in
    /// `web/node_modules` below the working folder.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), search: BinarySearch::usual(Path::new(".")), max_connections: 100 }
    }
}

/// The running embedded database. It stops when this value is dropped.
#[derive(Debug)]
pub struct Embedded {
    server: Server,
    socket_folder: PathBuf,
    major: u32,
    // Dropped after the server has stopped, since fields are dropped in order.
    lock: Option<FolderLock>,
}

impl Embedded {
    /// Finds PostgreSQL, makes the cluster when there is none, clears what an earlier run left, and starts the server.
    /// Blocks until it accepts connections: about a second for a new cluster, a tenth of one for an existing one.
    ///
    /// # Errors
    /// See [`EmbeddedError`]; each says what to do.
    pub fn start(settings: &EmbeddedSettings) -> Result<Self, EmbeddedError> {
        let folder = private_folder(&settings.data_dir)?;
        let lock = FolderLock::take(&folder)?;
        let cluster = folder.join("cluster");
        let user = ServerUser::choose(&cluster)?;
        let folder_major = cluster::major(&cluster)?;
        let binaries = Binaries::find(&settings.search, folder_major)?;
        if let Some(folder_major) = folder_major.filter(|major| *major != binaries.major) {
            return Err(EmbeddedError::OtherMajorVersion { cluster, folder_major, program_major: binaries.major });
        }
        user.own(&folder)?;
        user.check_reaches(&folder)?;
        user.check_reaches(&binaries.folder)?;
        if folder_major.is_none() {
            tracing::info!(major = binaries.major, "making a new database in {}", cluster.display());
            cluster::create(&binaries, &user, &cluster)?;
        }
        let socket_folder = socket_folder::prepare(&folder, &user)?;
        let plan = ServerPlan {
            program: binaries.program("postgres"),
            user,
            cluster,
            socket_folder: socket_folder.clone(),
            log: folder.join("server.log"),
            max_connections: settings.max_connections,
        };
        let server = Server::start(&plan)?;
        tracing::info!(major = binaries.major, process = server.pid(), "the embedded PostgreSQL is ready");
        Ok(Self { server, socket_folder, major: binaries.major, lock: Some(lock) })
    }

    /// The address of a database for a log-in, such as [`SUPERUSER`] and `postgres` in a new cluster.
    pub fn connect_url(&self, user: &str, database: &str) -> String {
        socket_url(&self.socket_folder, user, database)
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// Ends all sessions, writes everything out, stops the server and gives the data folder free. Does nothing when it
    /// is stopped already.
    ///
    /// # Errors
    /// [`EmbeddedError::DidNotStop`] when it took longer than a minute and was killed; nothing committed is lost.
    pub fn stop(&mut self) -> Result<(), EmbeddedError> {
        let stopped = self.server.stop();
        self.lock = None;
        stopped
    }
}

/// Makes the database's own folder, closed to everyone but its owner, and returns its real path.
fn private_folder(data_dir: &Path) -> Result<PathBuf, EmbeddedError> {
    let folder = data_dir.join("postgres");
    fs::create_dir_all(&folder).map_err(EmbeddedError::io("create", &folder))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(EmbeddedError::io("close", &folder))?;
    folder.canonicalize().map_err(EmbeddedError::io("find", &folder))
}
