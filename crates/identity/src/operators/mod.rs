//! Operators: who runs the platform. Made and unmade by a command on the machine itself, never by a page.
//!
//! What always holds: a change ends every session of the person, so that the next one begins with its new rights; it is
//! audited, and the person is told; in production an operator's session without a second proof opens nothing
//! (`platform::http::Operator`).

mod change;
#[cfg(test)]
mod tests;

pub use change::{Lacking, OperatorError, grant, revoke};
