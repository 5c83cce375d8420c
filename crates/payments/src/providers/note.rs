//! The names of our notes (metadata) on what we make at a provider.

pub(crate) const INSTALLATION: &str = "installation";
pub(crate) const PAYMENT: &str = "payment_id";
pub(crate) const ATTEMPT: &str = "attempt_id";
pub(crate) const PURPOSE: &str = "purpose";
pub(crate) const REFERENCE: &str = "reference_id";
pub(crate) const CHECKOUT: &str = "checkout_id";
pub(crate) const PLAN: &str = "plan_code";
pub(crate) const REFUND: &str = "refund_id";

/// Our notes on something at a provider.
pub(crate) type Notes = std::collections::BTreeMap<String, String>;
