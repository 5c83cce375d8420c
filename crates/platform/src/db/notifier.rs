//! Tells this process that jobs were enqueued, once their transaction is committed.

use tokio::sync::watch;

/// Notifies every subscriber of this process; notifications that come together count as one.
#[derive(Clone, Debug)]
pub(crate) struct Notifier(watch::Sender<()>);

impl Default for Notifier {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Notifier {
    /// Wakes the subscribers.
    pub(crate) fn notify(&self) {
        self.0.send_replace(());
    }

    /// A subscription to every notification from now on.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
