//! Builders of what tests begin with: accounts, pictures, offers, orders, credits.
//!
//! Accounts and pictures are rows, written as the owner of the database past row level security, one or a million alike;
//! this is the only place that knows their columns. Offers and orders go through the API, as a user's would, so that
//! every rule applies. Credits: [`crate::TestApp::give_credits`].

mod accounts;
mod pictures;
mod purchases;
#[cfg(test)]
mod tests;

pub use accounts::Accounts;
pub use pictures::{OriginalFile, Pictures};
pub use purchases::{Offer, order};
