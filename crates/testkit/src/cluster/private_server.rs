//! The private server that all test processes of this workspace and user share.
//!
//! Each process holds a lease (a file named after it) in the server's folder. The first one starts the server, and a
//! watchdog beside it ends the server when every lease has been dead for a while. Processes and watchdog agree through
//! the file `open`: a process writes its lease and then looks for `open`; the watchdog takes `open` away and then looks
//! at the leases. So at least one of them sees the other.

use anyhow::{Context, Result};
use nix::sys::signal::kill;
use nix::sys::statvfs::statvfs;
use nix::unistd::{Pid, geteuid};
use platform::db::embedded::{Binaries, BinarySearch, SUPERUSER, ThrowAway};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Enough for every test process of a large machine, each with two pools.
const MAX_CONNECTIONS: u32 = 300;
/// How long the server waits for the next test run: long enough for an edit and a build.
const IDLE_S: u32 = 120;
/// A server with its template takes some 60 MB, and a database 10 MB; a container's `/dev/shm` often holds 64 MB.
const SPACE_NEEDED_BYTES: u64 = 2 << 30;
/// How long the watchdog may take to remove a server that it has decided to end.
const CLOSING_LIMIT: Duration = Duration::from_secs(20);

const WATCHDOG: &str = include_str!("watchdog.sh");

/// This process's part in the shared server.
#[derive(Debug)]
pub(super) struct PrivateServer {
    cluster: ThrowAway,
}

impl PrivateServer {
    /// Uses the workspace's server, and starts it when there is none.
    pub(super) fn join() -> Result<Self> {
        Self::join_in(&folder(&binaries()?), IDLE_S)
    }

    /// Uses or starts the server in this folder. A file lock beside the folder makes one process at a time do this.
    pub(super) fn join_in(folder: &Path, idle_s: u32) -> Result<Self> {
        let lock_path = folder.with_extension("lock");
        let lock = File::create(&lock_path).with_context(|| format!("cannot create {}", lock_path.display()))?;
        lock.lock().with_context(|| format!("cannot lock {}", lock_path.display()))?;
        let started = Instant::now();
        loop {
            if write_lease(folder).is_ok() && folder.join("open").exists() {
                let cluster = ThrowAway::open(folder, binaries()?, MAX_CONNECTIONS)?;
                if cluster.is_running() {
                    if !watchdog_lives(folder) {
                        start_watchdog(folder, idle_s)?;
                    }
                    return Ok(Self { cluster });
                }
                break;
            }
            // Without `open` the watchdog is just ending the server and removes the folder, or has taken note of the
            // lease and puts `open` back; a watchdog that was killed does neither.
            if !folder.exists() || !watchdog_lives(folder) || started.elapsed() > CLOSING_LIMIT {
                break;
            }
            sleep(Duration::from_millis(20));
        }
        Self::start_anew(folder, idle_s)
    }

    fn start_anew(folder: &Path, idle_s: u32) -> Result<Self> {
        if folder.exists() {
            if folder.join("cluster/PG_VERSION").exists() {
                // A server that is still there, or a folder that a reboot left.
                let _ = ThrowAway::open(folder, binaries()?, MAX_CONNECTIONS)?.stop();
            }
            fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let cluster = ThrowAway::open(folder, binaries()?, MAX_CONNECTIONS)?;
        cluster.start()?;
        fs::create_dir(folder.join("leases"))?;
        write_lease(folder)?;
        File::create(folder.join("open"))?;
        start_watchdog(folder, idle_s)?;
        Ok(Self { cluster })
    }

    /// The address of the server's maintenance database as its superuser.
    pub(super) fn superuser_url(&self) -> String {
        self.cluster.url(SUPERUSER, "postgres")
    }
}

pub(super) fn binaries() -> Result<Binaries> {
    Ok(Binaries::find(&BinarySearch::usual(&workspace()), None)?)
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The server's folder, by workspace, user and PostgreSQL, so that runs on several versions do not meet: in memory where
/// there is room for it.
fn folder(binaries: &Binaries) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let has_room = free_bytes(memory) > SPACE_NEEDED_BYTES;
    let base = if has_room { memory.to_owned() } else { std::env::temp_dir() };
    let workspace = workspace().canonicalize().unwrap_or_else(|_| workspace());
    let digest = Sha256::digest(format!("{} {} {}", geteuid(), workspace.display(), binaries.folder.display()));
    base.join(format!("machiya-test-{}", hex::encode(&digest[..4])))
}

#[allow(clippy::useless_conversion, reason = "other systems count in narrower numbers")]
fn free_bytes(folder: &Path) -> u64 {
    statvfs(folder)
        .map_or(0, |space| u64::from(space.blocks_available()).saturating_mul(u64::from(space.fragment_size())))
}

fn write_lease(folder: &Path) -> std::io::Result<()> {
    File::create(folder.join("leases").join(std::process::id().to_string())).map(drop)
}

fn watchdog_lives(folder: &Path) -> bool {
    let pid = fs::read_to_string(folder.join("watchdog")).ok().and_then(|text| text.trim().parse().ok());
    pid.is_some_and(|pid| kill(Pid::from_raw(pid), None).is_ok())
}

/// Starts the watchdog in a process group of its own, so that a test runner that ends its tests does not end it, and
/// without the runner's streams, which it would hold open.
fn start_watchdog(folder: &Path, idle_s: u32) -> Result<()> {
    let mut command = Command::new("sh");
    command.args(["-c", WATCHDOG, "machiya-test-watchdog"]).arg(folder).arg(idle_s.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/").process_group(0);
    let watchdog = command.spawn().context("cannot start the watchdog of the test server")?;
    fs::write(folder.join("watchdog"), watchdog.id().to_string())?;
    Ok(())
}
