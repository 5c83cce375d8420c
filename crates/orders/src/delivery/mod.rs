//! Delivery: the package of a picture and its licence, made once and stored under its order.
//!
//! The package follows from the original, the licence and the day alone, so that a job that was killed and runs again
//! writes the same bytes to the same place.

pub(crate) mod deliver;
pub(crate) mod model;
pub(crate) mod queries;

pub use model::DeliveryId;

use platform::jobs::Registry;

/// The jobs of delivery.
pub(crate) fn registry() -> Registry {
    Registry::new().on(deliver::run)
}
