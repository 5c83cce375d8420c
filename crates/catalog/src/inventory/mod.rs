//! The inventory: how many licences of each product are reserved and sold, and what a sale ends.
//!
//! Whoever reserves, sells or releases licences locks the inventory of all its products at once ([`Inventory::lock`]),
//! changes it in memory, and saves it in the same transaction. The lineages of the products are locked in the order of
//! their ids, so two orders with the same products in opposite orders wait for one another and never in a circle.
//!
//! What always holds, checked by the tables as well: no more is reserved and sold than `max_sales`; an exclusive licence
//! is reserved or sold once in its lineage; an exclusive licence is not sold of a picture that others have a licence of.

pub(crate) mod lock;
pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod save;
#[cfg(test)]
mod tests;

pub use model::{EndedOffers, Inventory, Unavailable};
