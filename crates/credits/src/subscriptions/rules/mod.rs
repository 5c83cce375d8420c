//! The rules of subscriptions and packs.

pub(crate) mod queries;
