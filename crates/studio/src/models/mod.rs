//! The models that can be asked: data that an operator edits, not code.

mod choose;
mod model;
pub(crate) mod queries;

pub use choose::{ModelWish, choose_model};
pub use model::{ImageModel, Operation};
