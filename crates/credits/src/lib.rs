//! Credits: what a person may still make, what it costs, and the plan that they are on.
//!
//! A wallet holds two units, tokens and image credits, in lots that expire one by one. Making something is paid in three
//! steps: its price is *held* before the work, *captured* at what it really cost, or *released* when nothing came of it.
//! `docs/MONEY.md` shows it with figures.
//!
//! A plan is paid by a subscription: [`checkout`] begins it, with or without an account, [`subscriptions`] follows what the
//! provider says of it, `invoices` records its money and gives what was paid for; [`packs`] sells tokens once; [`pricing`]
//! and `dashboard` are the pages of it.
//!
//! What always holds, enforced in PostgreSQL: for every lot and every wallet, what was granted is what is available, held,
//! used, expired or refunded; no balance sinks below zero, whoever races; a business key has its effect once, and the
//! same key with another body is refused; what was written in the statement stays.
//!
//! Absent on purpose: money (payments and the ledger) and anything that a seller sells; credits buy the platform's own
//! making only.

pub(crate) mod billing_error;
pub mod checkout;
pub(crate) mod dashboard;
pub(crate) mod error;
pub mod holds;
pub(crate) mod ids;
pub(crate) mod invoices;
mod invoicing;
pub mod lots;
pub mod packs;
pub mod plans;
pub mod prices;
pub mod pricing;
pub mod recognition;
pub(crate) mod state;
mod statements;
pub mod subscriptions;
pub mod upkeep;
mod verification;
pub mod wallets;

#[cfg(test)]
mod billing_tests;
#[cfg(test)]
mod tests;

use platform::jobs::Registry;

pub use billing_error::BillingError;
pub use dashboard::show_balance;
pub use error::CreditError;
pub use ids::{CheckoutId, HoldId, LotId, PackPurchaseId, PriceId, SubscriptionId, SubscriptionInvoiceId};
pub use invoices::InvoiceRefunded;
pub use lots::Amount;
pub use payments::subscriptions::BillingPeriod;
pub use plans::{PlanChanged, PlanCode};
pub use state::Billing;
pub use verification::verify;

/// The jobs of credits.
pub fn register_jobs() -> Registry {
    Registry::new().and(upkeep::registry()).and(recognition::registry()).and(plans::registry())
}

/// The pages and the API of plans and packs.
pub fn routes(billing: &Billing) -> axum::Router<platform::App> {
    axum::Router::new()
        .merge(checkout::routes(billing))
        .merge(subscriptions::api::routes(billing))
        .merge(packs::routes(billing))
        .merge(pricing::routes(billing))
        .merge(dashboard::routes(billing))
        .merge(statements::routes())
}

/// The queued work of plans and packs.
pub fn billing_jobs(billing: &Billing) -> Registry {
    subscriptions::registry(billing).and(packs::registry(billing))
}

/// Who hears of money for plans and packs.
#[must_use]
pub fn payment_routes(routes: payments::PurposeRoutes) -> payments::PurposeRoutes {
    use payments::{Purpose, SubscriptionRoutes};
    use subscriptions::{BeginSubscription, LapseCheckout, SubscriptionChanged, SubscriptionInvoiced};
    routes
        .route::<packs::SettlePack, packs::LapsePack, packs::PackRefunded>(Purpose::CreditPack)
        .route_refunds::<InvoiceRefunded>(Purpose::Subscription)
        .subscriptions(
            SubscriptionRoutes::new()
                .route::<BeginSubscription, SubscriptionChanged, SubscriptionInvoiced>()
                .route_lapsed::<LapseCheckout>(),
        )
}

/// What plans and packs say of their API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = checkout::openapi();
    document.merge(<subscriptions::api::Described as utoipa::OpenApi>::openapi());
    document.merge(packs::openapi());
    document.merge(<statements::Described as utoipa::OpenApi>::openapi());
    document
}
