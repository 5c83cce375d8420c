//! Prices: what an operation costs with a model.

pub(crate) mod model;
mod queries;
mod quote;
mod set;

pub use model::{HONOURED_FOR, NewPrice, Operation, Price, PricedModel};
pub use queries::current;
pub use quote::{honour, quote};
pub use set::set;
