//! Lineages: pictures that are the same picture, or descend from it. An exclusive licence is exclusive in its lineage.
//!
//! What has been reserved and sold of a lineage stands on its row; the inventory writes it.

pub(crate) mod join;
pub(crate) mod model;
pub(crate) mod queries;

pub use join::{Likeness, Membership, join};
pub use model::{ExclusiveState, LineageSales};
