//! Subscriptions at a provider: begun at its checkout page, renewed by its invoices, changed by our calls.
//!
//! What a subscription gives is the matter of credits; here is only who pays how much for which period. News come
//! through the inbox: the object that an event is about is fetched again, and what it then says goes to the owner as a
//! job ([`SubscriptionRoutes`]), so that neither the order nor the number of events matters.
//!
//! A plan is known at the provider by its price: `plan_code`, period and yen are in the price's lookup key and notes.

mod change;
mod checkout;
pub(crate) mod follow;
mod model;
mod queries;
mod record;
mod routes;
mod snapshot;

pub(crate) use change::{PREVIEW_IS_STALE, SUBSCRIPTION_IS_OVER};
pub use follow::{FollowSubscription, FollowSubscriptionCheckout};
pub use model::{BillingPeriod, ChangePreview, NewSubscriptionCheckout, OpenedCheckout, PlanChange, Proration};
pub(crate) use model::{SESSION_PLACE, prorated_at};
pub use record::InvoicePayment;
pub use routes::{CheckoutLapsed, SubscriptionRoutes};
pub use snapshot::{
    BillingReason, CheckoutCompleted, CheckoutPayment, InvoiceLine, InvoiceNotice, InvoiceSnapshot, InvoiceStatus,
    PlanTerms, SubscriptionCheckout, SubscriptionSnapshot, SubscriptionStatus,
};
