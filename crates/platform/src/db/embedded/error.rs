//! What can go wrong with the embedded database, each with a sentence that a person can act on.

use std::io;
use std::path::{Path, PathBuf};

/// A reason why the embedded PostgreSQL could not be found, made, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No usable PostgreSQL server on this machine.
    #[error(
        "PostgreSQL {minimum} or newer was not found. Install it (Debian or Ubuntu: `apt-get install postgresql`; \
         macOS: `brew install postgresql`), or set MACHIYA_POSTGRES_BIN to the folder that holds `postgres` and \
         `initdb`, or set DATABASE_URL to a server of your own."
    )]
    BinariesMissing {
        /// The oldest major version that works.
        minimum: u32,
    },
    /// The named folder holds no usable PostgreSQL.
    #[error("MACHIYA_POSTGRES_BIN names {}, but {reason}. Point it at the folder that holds `postgres` and `initdb`, or unset it.", folder.display())]
    BinariesUnusable {
        /// The folder as it was given.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder was made by a PostgreSQL that is not on this machine; nothing was touched.
    #[error(
        "The database in {} was made by PostgreSQL {folder_major}, but this machine has PostgreSQL {program_major}. \
         Nothing was changed. Install PostgreSQL {folder_major} beside it, or move the data over with pg_upgrade or \
         pg_dump.", cluster.display()
    )]
    OtherMajorVersion {
        /// The cluster folder.
        cluster: PathBuf,
        /// The major version in its `PG_VERSION`.
        folder_major: u32,
        /// The major version of the programs that were found.
        program_major: u32,
    },
    /// The cluster folder is there but is no cluster; nothing was touched.
    #[error("{} is not empty, yet holds no PostgreSQL cluster. Nothing was changed. Move it away, or choose another data folder.", cluster.display())]
    NotACluster {
        /// The folder.
        cluster: PathBuf,
    },
    /// Running as root, and there is no account to hand the server to.
    #[error(
        "PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody`. Create one \
         (`useradd --system postgres`), or run the program as an ordinary user."
    )]
    NoUnprivilegedUser,
    /// The server's user cannot get to a path that it needs.
    #[error(
        "PostgreSQL runs as the user `{user}` here, and `{user}` may not enter {}, which is on the way to {}. Choose a \
         data folder outside it (MACHIYA_DATA_DIR), or let others pass: `chmod o+x {}`.",
        closed.display(), path.display(), closed.display()
    )]
    Unreachable {
        /// The account that runs the server.
        user: String,
        /// The first folder that is closed to it.
        closed: PathBuf,
        /// The path that it needs.
        path: PathBuf,
    },
    /// The cluster belongs to someone else.
    #[error("The database in {} belongs to user number {owner}. Run the program as that user, or as root.", cluster.display())]
    ForeignOwner {
        /// The cluster folder.
        cluster: PathBuf,
        /// The user number that owns it.
        owner: u32,
    },
    /// Another program holds the data folder.
    #[error("The data folder {} is in use by another machiya (process {holder}). Stop it first, or choose another folder with MACHIYA_DATA_DIR.", folder.display())]
    InUse {
        /// The locked folder.
        folder: PathBuf,
        /// The process that holds the lock, as it wrote itself down.
        holder: String,
    },
    /// A left-over server of this folder did not end.
    #[error("A PostgreSQL left over from an earlier run (process {pid}) still uses {} and does not end. End it with `kill -9 {pid}`, then start again.", cluster.display())]
    OrphanStays {
        /// Its process number.
        pid: i32,
        /// The cluster folder.
        cluster: PathBuf,
    },
    /// No place short enough for the socket could be made safely.
    #[error("The socket folder {} exists but is not a private folder of the database's user. Remove it, or choose a shorter data folder with MACHIYA_DATA_DIR.", folder.display())]
    SocketFolderTaken {
        /// The short folder.
        folder: PathBuf,
    },
    /// A PostgreSQL program ended with an error.
    #[error("PostgreSQL's `{program}` failed: {output}")]
    ProgramFailed {
        /// The name of the program.
        program: &'static str,
        /// The last lines of its output.
        output: String,
    },
    /// The server did not answer in time.
    #[error("PostgreSQL did not become ready within {limit_s} s. Its last words ({}): {output}", log.display())]
    NotReady {
        /// How long was waited.
        limit_s: u64,
        /// The server's log.
        log: PathBuf,
        /// The end of that log.
        output: String,
    },
    /// The server did not end in time and was killed; it recovers at the next start.
    #[error(
        "PostgreSQL did not stop within {limit_s} s and was killed. Nothing that was committed is lost; the next start recovers it."
    )]
    DidNotStop {
        /// How long was waited.
        limit_s: u64,
    },
    /// The operating system refused something.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },
}

impl EmbeddedError {
    /// Wraps a refusal of the operating system with what was tried, and on what.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
