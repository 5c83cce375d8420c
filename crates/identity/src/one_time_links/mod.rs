//! Links that work once: to set a password, to verify an address, to change it.
//!
//! What always holds: the secret has 256 random bits and only its hash is stored; a link serves only the purpose and the
//! address it was issued for; opening its page changes nothing, only submitting the form does, so that mail scanners which
//! open links do no harm; a stored mail loses its link once that is used or expired.
//!
//! A mail that carries a link must name the account as its recipient (`NewMail::recipient_id`), or it keeps its link.

mod clear;
pub(crate) mod consume;
pub(crate) mod invalid_link;
pub(crate) mod issue;
pub(crate) mod model;
mod queries;
#[cfg(test)]
mod tests;

use platform::jobs::Registry;
use time::Duration;

pub use issue::issue;
pub use model::{LinkPurpose, LinkUrl, OneTimeLinkId};

/// The jobs of one-time links.
pub(crate) fn jobs() -> Registry {
    Registry::new().on(clear::clear_links).every(Duration::minutes(10), &clear::ClearLinks {})
}
