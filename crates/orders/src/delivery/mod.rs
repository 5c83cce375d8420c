//! Delivery: the package of a picture and its licence, made once and stored under its order.
//!
//! The package follows from the original, the licence and the day alone, so that a job that was killed and runs again
//! writes the same bytes to the same place.

mod deliver;
mod model;
pub(crate) mod queries;

pub(crate) use deliver::{DeliverPackage, registry};
pub use model::DeliveryId;
