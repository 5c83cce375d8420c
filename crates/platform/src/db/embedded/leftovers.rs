//! What a run that was killed leaves behind. Called only under the folder's lock, so that whatever still runs on the
//! cluster is nobody's.

use super::address::SOCKET_PORT;
use super::error::EmbeddedError;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A left-over server gets as long as one of ours to write everything out, then less and less.
const STEPS: [(Signal, Duration); 3] = [
    (Signal::SIGINT, Duration::from_secs(60)),
    (Signal::SIGQUIT, Duration::from_secs(10)),
    (Signal::SIGKILL, Duration::from_secs(5)),
];

/// Ends a server that still runs on the cluster, and removes its lock files. A lock file that names a living process
/// which is no server of this cluster is stale too: process numbers are used again.
pub(super) fn clear(cluster: &Path, socket_folder: &Path) -> Result<(), EmbeddedError> {
    end_servers(cluster)?;
    let socket = socket_folder.join(format!(".s.PGSQL.{SOCKET_PORT}"));
    for path in [cluster.join("postmaster.pid"), socket.with_extension(format!("{SOCKET_PORT}.lock")), socket] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(EmbeddedError::io("remove", &path)(error)),
            _ => {}
        }
    }
    Ok(())
}

fn end_servers(cluster: &Path) -> Result<(), EmbeddedError> {
    let postmaster = postmaster_pid(cluster);
    for (signal, limit) in STEPS {
        let running = servers_of(cluster);
        if running.is_empty() {
            return Ok(());
        }
        tracing::warn!(?signal, processes = ?running, "ending a PostgreSQL that an earlier run left");
        // The first process asks its children to end. Where it is gone they notice by themselves; those that do not
        // are asked one by one in the next step.
        let asked = running.iter().filter(|pid| signal != Signal::SIGINT || Some(**pid) == postmaster);
        for &pid in asked {
            // It may have ended since, which is what is wanted.
            let _ = kill(Pid::from_raw(pid), signal);
        }
        let limit = if signal == Signal::SIGINT && !postmaster.is_some_and(|pid| running.contains(&pid)) {
            Duration::from_secs(2)
        } else {
            limit
        };
        let asked_at = Instant::now();
        while asked_at.elapsed() < limit {
            if servers_of(cluster).is_empty() {
                return Ok(());
            }
            sleep(Duration::from_millis(20));
        }
    }
    match servers_of(cluster).first() {
        None => Ok(()),
        Some(&pid) => Err(EmbeddedError::OrphanStays { pid, cluster: cluster.to_owned() }),
    }
}

/// The process that `postmaster.pid` names.
pub(super) fn postmaster_pid(cluster: &Path) -> Option<i32> {
    fs::read_to_string(cluster.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

/// The processes of PostgreSQL that work in the cluster's folder: a server and its children never leave it.
#[cfg(target_os = "linux")]
pub(super) fn servers_of(cluster: &Path) -> Vec<i32> {
    let processes = Path::new("/proc").read_dir().into_iter().flatten().flatten();
    processes
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let works_here = fs::read_link(entry.path().join("cwd")).ok()? == cluster;
            let is_postgres =
                || fs::read_to_string(entry.path().join("comm")).is_ok_and(|name| name.trim() == "postgres");
            (works_here && is_postgres()).then_some(pid)
        })
        .collect()
}

/// The process that `postmaster.pid` names, when its command line shows a server of this cluster.
#[cfg(not(target_os = "linux"))]
pub(super) fn servers_of(cluster: &Path) -> Vec<i32> {
    let shows_cluster = |pid: &i32| {
        let output = std::process::Command::new("ps").args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output();
        output.is_ok_and(|output| {
            let command = String::from_utf8_lossy(&output.stdout).into_owned();
            command.contains("postgres") && command.contains(&*cluster.to_string_lossy())
        })
    };
    postmaster_pid(cluster).filter(shows_cluster).into_iter().collect()
}
