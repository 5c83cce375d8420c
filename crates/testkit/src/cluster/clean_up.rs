//! Dropping what dead test processes left. A drop takes longer than a copy (it waits for a checkpoint), so that no test
//! waits for one: each drops a few while it runs.

use super::server::{NAME_START, connect, run};
use anyhow::Result;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use sqlx::PgConnection;
use std::sync::Once;

/// More than one per new database, so that what is left always shrinks.
const DROPS_PER_PROCESS: usize = 3;

/// Starts dropping in a thread of its own, once per process. When the process ends meanwhile, the server finishes the
/// drop that is under way.
pub(super) fn in_the_background(superuser_url: String) {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // What is not dropped now is dropped by a later test, or goes with the server.
            let _ = runtime.map(|runtime| runtime.block_on(drop_some(&superuser_url)));
        });
    });
}

/// Drops a few databases of dead processes, unless another process is at it.
pub(super) async fn drop_some(superuser_url: &str) -> Result<usize> {
    let mut superuser = connect(superuser_url).await?;
    let alone: bool = sqlx::query_scalar("select pg_try_advisory_lock(hashtext('machiya test clean-up'))")
        .fetch_one(&mut superuser)
        .await?;
    let mut dropped = 0;
    if alone {
        for name in of_dead_processes(&mut superuser).await?.into_iter().take(DROPS_PER_PROCESS) {
            run(&mut superuser, format!("drop database if exists {name} with (force)")).await?;
            dropped += 1;
        }
    }
    Ok(dropped)
}

async fn of_dead_processes(superuser: &mut PgConnection) -> Result<Vec<String>> {
    let mut names: Vec<String> = sqlx::query_scalar("select datname from pg_database where starts_with(datname, $1)")
        .bind(NAME_START)
        .fetch_all(superuser)
        .await?;
    names.retain(|name| maker(name).is_some_and(|pid| kill(Pid::from_raw(pid), None) == Err(nix::errno::Errno::ESRCH)));
    Ok(names)
}

/// The process in `machiya_test_<process>_<random>`; templates have none.
pub(super) fn maker(name: &str) -> Option<i32> {
    name.strip_prefix(NAME_START)?.split('_').next()?.parse().ok()
}
