//! Tests on a real database.

mod attacks;
mod fixture;
mod holding;
mod lots;
mod model;
mod plans;
mod properties;
mod races;
mod upkeep;
