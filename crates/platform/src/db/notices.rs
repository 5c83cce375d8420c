//! Following what the database says on a channel (`LISTEN`), for as long as the program runs.

use std::time::Duration;

use crate::App;

/// How long to wait before trying again to listen.
const PAUSE: Duration = Duration::from_secs(1);

/// What is heard on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// Listening began, or began again: what was said before is not known.
    Listening,
    /// Somebody said this.
    Said(&'a str),
}

/// Tells `hear` what is said on `channel` until the program stops; listens again when the connection is lost.
pub async fn follow(app: &App, channel: &str, mut hear: impl FnMut(Heard<'_>) + Send) {
    while !app.tasks.is_stopping() {
        tokio::select! {
            () = app.tasks.stopping() => return,
            Err(error) = listen(app, channel, &mut hear) => tracing::warn!(%error, channel, "cannot listen"),
        }
        tokio::select! {
            () = app.tasks.stopping() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Listens until the connection is lost.
async fn listen(app: &App, channel: &str, hear: &mut impl FnMut(Heard<'_>)) -> Result<(), super::DatabaseError> {
    let mut listener = app.db.listen().await?;
    listener.listen(channel).await?;
    hear(Heard::Listening);
    while let Some(notification) = listener.try_recv().await? {
        hear(Heard::Said(notification.payload()));
    }
    Err(super::DatabaseError::Io(std::io::ErrorKind::ConnectionReset.into()))
}
