//! A cluster for development and tests: it outlives the process that starts it, is as fast as memory, and nothing in
//! it survives a crash of the machine.

use super::binaries::Binaries;
use super::error::EmbeddedError;
use super::initialise::{Durability, initialise, succeeded};
use super::server_user::ServerUser;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A throw-away cluster in a folder of its own. The socket lies in the same folder.
#[derive(Debug, Clone)]
pub struct ThrowAway {
    folder: PathBuf,
    binaries: Binaries,
    user: ServerUser,
}

impl ThrowAway {
    /// Opens the cluster in `folder` (short: the socket's path must stay below 108 bytes), and makes it when it is not
    /// there or was left half made. The caller keeps others away from the folder meanwhile.
    pub fn open(folder: &Path, binaries: Binaries, max_connections: u32) -> Result<Self, EmbeddedError> {
        let user = ServerUser::choose(&folder.join("cluster"))?;
        let cluster = Self { folder: folder.to_owned(), binaries, user };
        if cluster.data().join("PG_VERSION").exists() {
            return Ok(cluster);
        }
        fs::create_dir_all(folder).map_err(EmbeddedError::io("create", folder))?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(EmbeddedError::io("close", folder))?;
        cluster.user.own(folder)?;
        cluster.user.check_reaches(folder)?;
        cluster.user.check_reaches(&cluster.binaries.folder)?;
        let unfinished = folder.join("cluster.new");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(EmbeddedError::io("remove", &unfinished))?;
        }
        initialise(&cluster.binaries, &cluster.user, &unfinished, Durability::ThrowAway)?;
        cluster.configure(&unfinished, max_connections)?;
        fs::rename(&unfinished, cluster.data()).map_err(EmbeddedError::io("finish", &cluster.data()))?;
        Ok(cluster)
    }

    fn configure(&self, data: &Path, max_connections: u32) -> Result<(), EmbeddedError> {
        let path = data.join("postgresql.conf");
        let initial = fs::read_to_string(&path).map_err(EmbeddedError::io("read", &path))?;
        let folder = self.folder.to_string_lossy().replace('\'', "''");
        let settings = format!(
            "{initial}\nlisten_addresses = ''\nunix_socket_directories = '\"{folder}\"'\n\
             unix_socket_permissions = 0700\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n\
             max_connections = {max_connections}\nshared_buffers = 128MB\nmax_wal_size = 4GB\nautovacuum_naptime = 60\n\
             wal_level = minimal\nmax_wal_senders = 0\n"
        );
        fs::write(&path, settings).map_err(EmbeddedError::io("write", &path))
    }

    /// The folder of the cluster's files.
    pub fn data(&self) -> PathBuf {
        self.folder.join("cluster")
    }

    /// Whether its server runs.
    pub fn is_running(&self) -> bool {
        let mut status = self.pg_ctl("status");
        status.stdout(Stdio::null()).stderr(Stdio::null());
        status.status().is_ok_and(|status| status.success())
    }

    /// Starts the server, detached from this process, and waits until it answers. Does nothing when it runs.
    pub fn start(&self) -> Result<(), EmbeddedError> {
        if self.is_running() {
            return Ok(());
        }
        let log = self.folder.join("server.log");
        let mut start = self.pg_ctl("start");
        // The server inherits these streams; a pipe would keep the caller of this process waiting for its end.
        start.args(["-w", "-t", "60", "-l"]).arg(&log).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = start.status().map_err(EmbeddedError::io("run", &self.binaries.program("pg_ctl")))?;
        if status.success() {
            return Ok(());
        }
        let output = fs::read_to_string(&log).unwrap_or_default();
        Err(EmbeddedError::NotReady { limit_s: 60, log, output: super::initialise::last_lines(&output) })
    }

    /// Stops the server without a checkpoint, since nothing in it has to last.
    pub fn stop(&self) -> Result<(), EmbeddedError> {
        let mut stop = self.pg_ctl("stop");
        stop.args(["-w", "-t", "60", "-m", "immediate"]);
        let output = stop.output().map_err(EmbeddedError::io("run", &self.binaries.program("pg_ctl")))?;
        if self.is_running() { succeeded("pg_ctl", &output) } else { Ok(()) }
    }

    /// The address of a database for a log-in.
    pub fn url(&self, user: &str, database: &str) -> String {
        super::address::socket_url(&self.folder, user, database)
    }

    fn pg_ctl(&self, verb: &str) -> std::process::Command {
        let mut command = self.user.command(&self.binaries.program("pg_ctl"));
        command.arg(verb).arg("-s").arg("-D").arg(self.data());
        command
    }
}
