//! Disputes: a buyer whose bank has taken the money back keeps neither the right nor the licence.
//!
//! What always holds: while a dispute is open, what was bought stays as it is; a lost dispute takes the entitlement away,
//! and its licence with it; a loss that a bank reverses gives both back. What `public.disputes` says decides, so that
//! being told twice, or late, changes nothing. An exclusive licence that was lost so is not sold again by itself: the
//! loss may be reversed.

mod follow;
mod queries;

pub use follow::OrderDisputed;
pub(crate) use follow::registry;
