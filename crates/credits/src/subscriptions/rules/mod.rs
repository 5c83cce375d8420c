//! The rules of subscriptions and packs.

pub(crate) mod queries;

pub(super) use queries::{RULES, broken};
