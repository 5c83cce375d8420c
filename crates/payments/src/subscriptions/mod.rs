//! Subscriptions at a provider: begun at its checkout page, renewed by its invoices, changed by our calls.
//!
//! What a subscription gives is the matter of credits; here is only who pays how much for which period. NoticeKind come
//! through the inbox: the object that an event is about is fetched again, and what it then says goes to the owner as a
//! job ([`SubscriptionRoutes`]), so that neither the order nor the number of events matters.
//!
//! A plan is known at the provider by its price: `plan_code`, period and yen are in the price's lookup key and notes.

pub(crate) mod change;
pub(crate) mod checkout;
pub(crate) mod follow;
pub(crate) mod model;
pub(crate) mod record;
pub(crate) mod routes;
pub(crate) mod snapshot;

pub use follow::{FollowSubscription, FollowSubscriptionCheckout};
pub use model::{BillingPeriod, ChangePreview, NewSubscriptionCheckout, OpenedCheckout, PlanChange, Proration};
pub use record::InvoicePayment;
pub use routes::{CheckoutLapsed, SubscriptionRoutes};
pub use snapshot::{
    BillingReason, CheckoutCompleted, CheckoutPayment, InvoiceLine, InvoiceNotice, InvoiceSnapshot, InvoiceStatus,
    PlanTerms, SubscriptionCheckout, SubscriptionSnapshot, SubscriptionStatus,
};
