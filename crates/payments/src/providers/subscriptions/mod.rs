//! Subscriptions at a provider.

mod at_stripe;
pub(crate) mod notes;
mod reading;
pub(crate) mod verbs;
