//! Disputes: a buyer whose bank has taken the money back keeps neither the entitlement nor the licence.
//!
//! What always holds: while a dispute is open, what was bought stays as it is; a lost dispute revokes the entitlements,
//! and the licences with them; a loss that the bank reverses restores both. The states of the disputes decide, so a notice
//! that comes twice or late changes nothing. An exclusive licence that was lost so is not sold again by itself: the loss
//! may be reversed.

pub(crate) mod follow;
pub(crate) mod queries;

pub use follow::OrderDisputed;

use platform::jobs::{JobRun, Registry};

/// The jobs of disputes.
pub(crate) fn registry() -> Registry {
    Registry::new().on(|run: JobRun<OrderDisputed>| follow::follow(run))
}
