//! Operators. The role is granted and revoked by a command on the machine, never by a page.
//!
//! What always holds: a change ends every session of the account, so that the next one starts with the new rights; it is
//! audited, and the owner gets a mail; in production a session without a second factor has no access to the console
//! (`platform::http::Operator`).

mod change;
#[cfg(test)]
mod tests;

pub use change::{OperatorError, grant, revoke};
