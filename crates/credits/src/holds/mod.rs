//! Holds: credits reserved for work under way, and what becomes of them.

mod capture;
mod hold;
mod model;
mod queries;
mod release;

pub use capture::capture;
pub use hold::hold;
pub use model::{Actual, Captured, Hold, HoldState, NewHold, ReleaseReason};
pub use queries::find;
pub use release::release;
