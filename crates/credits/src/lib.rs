//! Credits: what a person may still make, what it costs, and the plan that they are on.
//!
//! A wallet holds two units, tokens and image credits, in lots that expire one by one. Making something is paid in three
//! steps: its price is *held* before the work, *captured* at what it really cost, or *released* when nothing came of it.
//! `docs/MONEY.md` shows it with figures.
//!
//! What always holds, enforced in PostgreSQL: for every lot and every wallet, what was granted is what is available, held,
//! used, expired or refunded; no balance sinks below zero, whoever races; a business key has its effect once, and the
//! same key with another body is refused; what was written in the statement stays.
//!
//! Absent on purpose: money (payments and the ledger) and anything that a seller sells; credits buy the house's own
//! making only.

mod error;
pub mod holds;
mod ids;
pub mod lots;
pub mod plans;
pub mod prices;
pub mod recognition;
pub mod upkeep;
mod verification;
pub mod wallets;

use platform::jobs::Registry;

pub use error::CreditError;
pub use ids::{HoldId, LotId, PriceId};
pub use lots::Amount;
pub use payments::subscriptions::BillingPeriod;
pub use plans::{PlanChanged, PlanCode};
pub use verification::verify;

/// The jobs of credits.
pub fn register_jobs() -> Registry {
    Registry::new().and(upkeep::registry()).and(recognition::registry())
}
