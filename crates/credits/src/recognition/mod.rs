//! Recognition: what was paid for credits is earned as they are used or expire, and not before.

mod allocate;
mod jobs;
mod queries;
mod recognise;

pub use allocate::{Allocation, allocate};
pub use jobs::RecogniseRevenue;
pub(crate) use jobs::registry;
pub use queries::Place;
pub use recognise::{Recognised, recognise_due};
