//! Transfers: balanced sets of entries, posted once each.

pub(crate) mod model;
pub(crate) mod post;
pub(crate) mod queries;
#[cfg(test)]
mod tests;

pub use model::{Draft, EntryType, Leg, Posted, TransferKind};
pub use post::{TRANSFERS_MAX, post, post_many};
