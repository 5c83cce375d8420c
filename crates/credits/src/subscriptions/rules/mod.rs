//! The rules of subscriptions and packs.

mod queries;

pub(super) use queries::{RULES, broken};
