//! Who takes the money.

pub mod stripe;
