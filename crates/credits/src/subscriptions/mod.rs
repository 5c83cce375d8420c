//! Subscriptions: whose plan is paid, until when, and what follows when it is not.
//!
//! What always holds: a person has one live subscription at most, and what is paid beside it goes back by itself; news
//! may come in any order and any number of times; an older word of the provider never overrules a newer one; what is over
//! stays over.

pub(crate) mod api;
pub(crate) mod at_provider;
mod begin;
mod cancel_for_erasure;
pub(crate) mod change;
mod dunning;
pub(crate) mod emails;
mod follow;
pub(crate) mod jobs;
pub(crate) mod model;
pub(crate) mod portal;
pub(crate) mod queries;
mod reconcile;
pub(crate) mod rules;
mod verification;

pub use cancel_for_erasure::end_of;
pub use change::{ChangeRequest, Effect, change, effect_of, preview, set_end};
pub(crate) use jobs::registry;
pub use jobs::{BeginSubscription, LapseCheckout, SubscriptionChanged, SubscriptionInvoiced};
pub use model::{GRACE, READ_ONLY, Status, Subscription, Terms};
pub use portal::portal;
pub use queries::{customer_of, live_of};
pub use verification::verify;
