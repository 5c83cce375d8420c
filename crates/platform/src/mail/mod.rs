//! Mail: written to the outbox in the transaction that causes it, sent by a job afterwards.
//!
//! What always holds: one mail a dedupe key; addresses and subjects are single lines (the database checks it too); a
//! mail server that is down delays mail and nothing else.

mod jobs;
mod model;
pub(crate) mod queries;
mod send;
mod write;

pub use jobs::register;
pub use model::{Mail, NewMail};
pub use queries::{clear_code, forget_recipient, list_of_recipient, recent};
pub use send::Mailer;
pub use write::{write, write_all};
