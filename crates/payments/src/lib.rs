//! Payments: how money comes in and goes back.
//!
//! A payment is opened for a *purpose* (an order, later a credit pack or a subscription) at a *provider*. What the
//! provider says arrives as signed events in an inbox, or is asked for by the reconciler; both feed the same path, which
//! moves the payment forward and notifies the purpose's owner by a job in the same transaction.
//!
//! What always holds: a key for the provider is stored before the call that uses it; no call is made inside a
//! transaction; a payment never moves backwards; an effect is keyed by the business object, never by the event.
//!
//! Absent on purpose: what a purpose does with its money (market, credits), and every card number.

mod attempts;
pub mod disputes;
pub mod erasure;
mod error;
mod notices;
mod payment;
pub mod providers;
mod purpose;
pub mod reconciliation;
pub mod refunds;
mod state;
pub mod subscriptions;
pub mod tax_invoices;
mod webhook_inbox;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use platform::App;
use platform::jobs::{JobRun, Registry};
use time::Duration;

use attempts::jobs::{CaptureAttempt, CheckAttempt};
use providers::sandbox;
use providers::sandbox::events::DeliverSandboxEvent;
use providers::sandbox::subscriptions::jobs::AdvanceSandboxClocks;
use reconciliation::jobs::Reconcile;
use refunds::jobs::IssueRefund;
use subscriptions::follow::{self, FollowSubscription, FollowSubscriptionCheckout};
use webhook_inbox::jobs::HandleEvent;

pub use disputes::DisputeState;
pub use error::PaymentError;
pub use notices::{DisputeNotice, PaymentNotice, PurposeRoutes, RefundNotice};
pub use payment::{NewPayment, PaymentStatus, PaymentView, find_for};
pub use purpose::Purpose;
pub use reconciliation::verify::verify;
pub use state::Payments;
pub use subscriptions::SubscriptionRoutes;

/// How often the reconciler looks for what is due.
const RECONCILE_EVERY: Duration = Duration::minutes(1);

/// How often the sandbox looks which of its clocks have reached something.
const ADVANCE_CLOCKS_EVERY: Duration = Duration::minutes(1);

/// The webhook, tax invoices and, where there is a sandbox, its pages.
pub fn routes(payments: &Payments) -> Router<App> {
    let webhook = post(webhook_inbox::api::receive).layer(DefaultBodyLimit::max(webhook_inbox::api::BODY_BYTES_MAX));
    let mut router = Router::new().route("/api/webhooks/{provider}", webhook);
    if payments.sandbox().is_some() {
        router = router.route("/sandbox/checkout/{id}", get(sandbox::pages::show).post(sandbox::pages::submit)).route(
            "/sandbox/subscriptions/{id}",
            get(sandbox::subscriptions::clock_page::show).post(sandbox::subscriptions::clock_page::submit),
        );
    }
    router.with_state(payments.clone()).merge(tax_invoices::routes())
}

/// The jobs of payments.
pub fn jobs(payments: &Payments) -> Registry {
    let (events, refunds, checks, deliveries) =
        (payments.clone(), payments.clone(), payments.clone(), payments.clone());
    let (captures, subscriptions, checkouts, clocks) =
        (payments.clone(), payments.clone(), payments.clone(), payments.clone());
    let registry = Registry::new()
        .on(move |run: JobRun<HandleEvent>| webhook_inbox::jobs::handle(events.clone(), run))
        .on(move |run: JobRun<IssueRefund>| refunds::jobs::issue(refunds.clone(), run))
        .on(move |run: JobRun<CheckAttempt>| reconciliation::jobs::check_attempt(checks.clone(), run))
        .on(move |run: JobRun<CaptureAttempt>| attempts::capture::capture(captures.clone(), run))
        .on(move |run: JobRun<DeliverSandboxEvent>| sandbox::jobs::deliver(deliveries.clone(), run))
        .on(move |run: JobRun<FollowSubscription>| follow::follow(subscriptions.clone(), run))
        .on(move |run: JobRun<FollowSubscriptionCheckout>| follow::follow_checkout(checkouts.clone(), run))
        .on(reconciliation::jobs::reconcile)
        .every(RECONCILE_EVERY, &Reconcile {});
    if payments.sandbox().is_none() {
        return registry;
    }
    registry
        .on(move |run: JobRun<AdvanceSandboxClocks>| sandbox::subscriptions::jobs::advance(clocks.clone(), run))
        .every(ADVANCE_CLOCKS_EVERY, &AdvanceSandboxClocks {})
}

/// The OpenAPI description of payments.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut described = webhook_inbox::api::openapi();
    described.merge(tax_invoices::openapi());
    described
}
