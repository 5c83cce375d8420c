//! Wakes those who wait for the progress of a job. The database is the truth; this only says when to read it again.

use kernel::JobId;
use tokio::sync::broadcast;

use crate::db::database::Database;
use crate::db::listen::{Event, follow};
use crate::tasks::Tasks;

/// A feed of jobs whose row has changed.
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

    /// Announces that a job has changed; without effect when nobody has subscribed.
    pub fn announce(&self, id: JobId) {
        let _ = self.0.send(id);
    }

    /// Announces what the database notifies, until the program stops.
    pub(super) async fn follow(self, db: Database, tasks: Tasks) {
        follow(&db, &tasks, "job_progress", |event| {
            if let Event::Notified(payload) = event
                && let Ok(id) = payload.parse()
            {
                self.announce(id);
            }
        })
        .await;
    }
}
