//! Wakes those who wait for the progress of a job. The database is the truth; this only says when to look again.

use kernel::JobId;
use tokio::sync::broadcast;

use crate::App;
use crate::db::{Heard, follow};

/// A feed of "this job changed".
#[derive(Clone, Debug)]
pub struct ProgressFeed(broadcast::Sender<JobId>);

impl Default for ProgressFeed {
    fn default() -> Self {
        Self(broadcast::channel(1_024).0)
    }
}

impl ProgressFeed {
    /// Subscribe before reading the database, so that no change falls between.
    pub fn subscribe(&self) -> broadcast::Receiver<JobId> {
        self.0.subscribe()
    }

    /// Says that a job changed.
    pub fn announce(&self, id: JobId) {
        // Nobody waiting is not a fault.
        let _ = self.0.send(id);
    }

    /// Follows the database's notifications until the program stops; reconnects when the connection is lost.
    pub async fn follow(app: App) {
        follow(&app, "job_progress", |heard| {
            if let Heard::Said(payload) = heard
                && let Ok(id) = payload.parse()
            {
                app.progress.announce(id);
            }
        })
        .await;
    }
}
