//! How long and how pages of the gallery are shared among visitors without an account.
//!
//! What such visitors see changes seldom and is asked for often: pages are shared for [`SHARED_FOR`], and the database
//! notifies the channel [`CHANNEL`] when something has changed (the payload is the product's id).

use axum::response::{IntoResponse, Response};
use kernel::Ctx;
use platform::http::Cacheable;
use platform::{App, Tx};
use time::Duration;

/// The channel on which the database announces changes of the gallery (`LISTEN gallery`).
pub const CHANNEL: &str = "gallery";

/// For how long visitors without an account may share one copy of a page.
pub const SHARED_FOR: Duration = Duration::seconds(5);

/// An answer that is the same for every visitor without an account, and is shared among them.
pub(crate) fn shared(ctx: &Ctx, answer: impl IntoResponse) -> Response {
    if ctx.user().is_some() { answer.into_response() } else { Cacheable::during(SHARED_FOR).on(answer) }
}

/// Drops this process's shared copies once the transaction, which changes the gallery, is committed. Other processes hear
/// of it on [`CHANNEL`].
pub(crate) fn forget(app: &App, tx: &mut Tx) {
    let shared = app.response_cache().clone();
    tx.forget_after_commit(move || shared.clear());
}
