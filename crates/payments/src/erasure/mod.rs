//! Erasure of what payments knows of a person's address.

mod forget;
mod queries;

pub use forget::forget;
