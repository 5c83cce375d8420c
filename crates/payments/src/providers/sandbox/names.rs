//! How the names that the sandbox gives are made.

/// How the names of the sandbox's events begin.
pub(crate) const EVENT_PREFIX: &str = "evt_sandbox_";
/// How the names of checkout pages for subscriptions begin; no other session's name can begin so.
pub(crate) const SUBSCRIPTION_SESSION_PREFIX: &str = "cs_sandbox_sub_";
