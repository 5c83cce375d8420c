//! Links that work once: to set a password, to verify an address, to change it.
//!
//! What always holds: the secret has 256 random bits and only its hash is stored; a link serves the purpose and the
//! address it was made for and nothing else; opening its page does nothing, only the form on it does, so that programs
//! which open links in mails do no harm; a mail is cleared of its link once that is used or over.
//!
//! A mail that carries a link must name the account as its recipient (`NewMail::recipient_id`), or it is not cleared.

mod clear;
mod consume;
mod dead;
mod issue;
mod model;
mod queries;
#[cfg(test)]
mod tests;

pub(crate) use clear::{ClearLinks, clear_ended};
pub use consume::{consume, look};
pub(crate) use dead::{Renewal, dead};
pub(crate) use issue::revoke_all;
pub use issue::{issue, issue_to};
pub use model::{Link, LinkError, LinkPurpose, LinkUrl, OneTimeLinkId};
