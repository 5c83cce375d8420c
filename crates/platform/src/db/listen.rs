//! Notifications of the database (`LISTEN`), followed for as long as the program runs.

use std::time::Duration;

use super::database::Database;
use super::error::DatabaseError;
use crate::tasks::Tasks;

/// The wait before listening again after the connection was lost.
const PAUSE: Duration = Duration::from_secs(1);

/// What happened on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Listening began, or began again: earlier notifications may have been missed.
    Listening,
    /// A notification, with its payload.
    Notified(&'a str),
}

/// Passes what happens on `channel` to `handle` until the program stops; listens again when the connection is lost.
pub async fn follow(db: &Database, tasks: &Tasks, channel: &str, mut handle: impl FnMut(Event<'_>) + Send) {
    while !tasks.is_stopping() {
        tokio::select! {
            () = tasks.stopping() => return,
            Err(error) = listen(db, channel, &mut handle) => tracing::warn!(%error, channel, "cannot listen"),
        }
        tokio::select! {
            () = tasks.stopping() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Listens until the connection is lost.
async fn listen(db: &Database, channel: &str, handle: &mut impl FnMut(Event<'_>)) -> Result<(), DatabaseError> {
    let mut listener = db.listen().await?;
    listener.listen(channel).await?;
    handle(Event::Listening);
    while let Some(notification) = listener.try_recv().await? {
        handle(Event::Notified(notification.payload()));
    }
    Err(DatabaseError::Io(std::io::ErrorKind::ConnectionReset.into()))
}
