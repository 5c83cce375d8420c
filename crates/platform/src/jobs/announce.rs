//! Wakes the workers of other processes when this one has enqueued jobs.
//!
//! `NOTIFY` inside a transaction takes a lock on the whole cluster that is held until its commit is on the disk
//! (PostgreSQL, `src/backend/commands/async.c`, `PreCommit_Notify`), so that transactions that notify commit one by one
//! and never together. The workers of this process are therefore woken in memory ([`Notifier`]), and those of others by
//! one notification for all that was enqueued within [`PAUSE`]. A process that dies before it has notified loses
//! nothing: every worker polls twice a second.
//!
//! [`Notifier`]: crate::db::notifier::Notifier

use std::time::Duration;

use kernel::SystemReason;

use super::queries;
use crate::app::App;
use crate::db::error::DatabaseError;

/// The least time between two notifications.
const PAUSE: Duration = Duration::from_millis(50);

/// Until the program stops: wakes the workers of other processes when this one enqueues jobs, and those who wait here for
/// the progress of a job when any process changes it.
pub fn follow_changes(app: &App) {
    app.tasks.spawn(announce(app.clone()));
    app.tasks.spawn(app.progress.clone().follow(app.db.clone(), app.tasks.clone()));
}

async fn announce(app: App) {
    let mut enqueued = app.db.notifier().subscribe();
    loop {
        tokio::select! {
            () = app.tasks.stopping() => return,
            changed = enqueued.changed() => if changed.is_err() { return },
        }
        if let Err(error) = notify(&app).await {
            tracing::warn!(%error, "cannot wake the workers of other processes");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn notify(app: &App) -> Result<(), DatabaseError> {
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    queries::wake_workers(&mut tx).await?;
    tx.commit().await
}
