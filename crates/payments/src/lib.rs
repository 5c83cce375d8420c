//! Payments: how money comes in and goes back.
//!
//! A payment is opened for a *purpose* (an order, later a credit pack or a subscription) at a *provider*. What the
//! provider says arrives as signed events in an inbox, or is asked for by the reconciler; both feed the same path, which
//! moves the payment forward and tells the purpose's owner through a job in the same transaction.
//!
//! What always holds: a key for the provider is stored before the call that uses it; no call is made inside a
//! transaction; a payment never moves backwards; an effect is keyed by the business object, never by the event.
//!
//! Absent on purpose: what a purpose does with its money (market, credits), and every card number.

mod deferred_receipts;
mod disputes;
pub mod erasure;
mod error;
mod intents;
mod notices;
pub mod providers;
pub mod reconciliation;
pub mod refunds;
mod state;
pub mod subscriptions;
pub mod tax_invoices;
pub mod webhook_inbox;

#[cfg(test)]
mod tests;

pub use disputes::DisputeState;
pub use error::PaymentError;
pub use intents::{NewPayment, PaymentStatus, PaymentView, Purpose, find_for};
pub use notices::{PaymentNotice, PurposeRoutes};
pub use reconciliation::verify;
pub use state::Payments;
pub use subscriptions::SubscriptionRoutes;

/// What payments say of their API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut described = webhook_inbox::openapi();
    described.merge(tax_invoices::openapi());
    described
}
