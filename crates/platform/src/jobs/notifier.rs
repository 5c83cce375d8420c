//! Wakes workers when work was enqueued, after the transaction that enqueued it.
//!
//! `NOTIFY` inside a transaction takes a lock on the whole cluster that is held until its commit is on the disk
//! (PostgreSQL, `src/backend/commands/async.c`, `PreCommit_Notify`), so that transactions that notify commit one by one
//! and never together. The workers of this process are therefore woken in memory, and those of others by one
//! notification for all that was enqueued within [`PAUSE`]. A process that dies before it notified loses nothing: every
//! worker looks by itself twice a second.

use std::time::Duration;

use kernel::SystemReason;
use tokio::sync::watch;

use super::queries;
use crate::{App, DatabaseError};

/// The least time between two notifications.
const PAUSE: Duration = Duration::from_millis(50);

/// Rung when work was enqueued and the transaction is true.
#[derive(Clone, Debug)]
pub(crate) struct Notifier(watch::Sender<()>);

impl Default for Notifier {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Notifier {
    /// Wakes whoever listens in this process.
    pub(crate) fn ring(&self) {
        self.0.send_replace(());
    }

    /// Hears every ring from now on.
    pub(crate) fn listen(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}

/// Tells the workers of other processes what this one enqueues, until the program stops.
pub async fn announce(app: App) {
    let mut rung = app.db.bell().listen();
    loop {
        tokio::select! {
            () = app.tasks.stopping() => return,
            heard = rung.changed() => if heard.is_err() { return },
        }
        if let Err(error) = tell(&app).await {
            tracing::warn!(%error, "cannot wake the workers of other processes");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn tell(app: &App) -> Result<(), DatabaseError> {
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    queries::wake_workers(&mut tx).await?;
    tx.commit().await
}
