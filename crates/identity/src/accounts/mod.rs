//! Sign-up, log-in and log-out, as pages and as an API.

pub mod api;
mod log_in;
mod pages;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::House;

pub use log_in::{Credentials, log_in};

/// The routes of accounts.
pub fn routes() -> Router<House> {
    api::routes().merge(pages::routes())
}
