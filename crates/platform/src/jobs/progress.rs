//! Wakes those who wait for the progress of a job. The database is the truth; this only says when to look again.

use kernel::JobId;
use tokio::sync::broadcast;

use crate::House;

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
    pub async fn follow(house: House) {
        loop {
            let mut listener = tokio::select! {
                () = house.tasks.stopping() => return,
                listener = house.db.listen() => match listener {
                    Ok(listener) => listener,
                    Err(error) => {
                        tracing::warn!(%error, "cannot listen for job progress");
                        tokio::select! {
                            () = house.tasks.stopping() => return,
                            () = tokio::time::sleep(std::time::Duration::from_secs(1)) => continue,
                        }
                    }
                },
            };
            if let Err(error) = listener.listen("job_progress").await {
                tracing::warn!(%error, "cannot listen for job progress");
                continue;
            }
            loop {
                let notification = tokio::select! {
                    () = house.tasks.stopping() => return,
                    notification = listener.recv() => notification,
                };
                match notification {
                    Ok(notification) => {
                        if let Ok(id) = notification.payload().parse() {
                            house.progress.announce(id);
                        }
                    }
                    Err(_) => break,
                }
            }
        }
    }
}
