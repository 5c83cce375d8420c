//! Why a plan or a pack was not begun, changed, bought or given back.

use payments::PaymentError;
use platform::DatabaseFault;
use platform::http::Problem;
use thiserror::Error;

use crate::CreditError;

/// What stands in the way of billing.
#[derive(Debug, Error)]
pub enum BillingFault {
    /// There is no such plan, or it cannot be begun, or it costs nothing.
    #[error("the plan cannot be begun")]
    PlanUnavailable,
    /// There is no such pack, or it cannot be bought.
    #[error("the pack cannot be bought")]
    PackUnavailable,
    /// The price on the page that was agreed to is no longer the price.
    #[error("the price has changed")]
    PriceChanged,
    /// The person has a plan; it can be changed.
    #[error("there is a subscription already")]
    SubscriptionExists,
    /// The person has no plan, or it is over.
    #[error("there is no live subscription")]
    NoSubscription,
    /// It is what is in force.
    #[error("nothing would change")]
    Unchanged,
    /// An unpaid plan is paid before it is changed.
    #[error("the subscription is unpaid")]
    Unpaid,
    /// There is no such purchase, or it was never paid.
    #[error("there is no such purchase")]
    PurchaseNotFound,
    /// Nothing of the pack is unspent.
    #[error("nothing is left to give back")]
    NothingLeft,
    /// The provider said no, or nothing.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// Credits refused.
    #[error(transparent)]
    Credits(#[from] CreditError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseFault),
    /// An address of ours does not parse: the house's public address is wrong.
    #[error("an address of the house does not parse")]
    Address(#[from] url::ParseError),
}

impl From<BillingFault> for Problem {
    fn from(fault: BillingFault) -> Self {
        match fault {
            BillingFault::PlanUnavailable => Self::invalid_field("planId", "plan_unavailable"),
            BillingFault::PackUnavailable => Self::invalid_field("packageId", "pack_unavailable"),
            BillingFault::PriceChanged => Self::conflict("price_changed_meanwhile"),
            BillingFault::SubscriptionExists => {
                Self::conflict("subscription_exists").member("changeUrl", serde_json::json!("/plans"))
            }
            BillingFault::NoSubscription => Self::conflict("subscription_missing"),
            BillingFault::Unchanged => Self::conflict("subscription_unchanged"),
            BillingFault::Unpaid => Self::conflict("subscription_unpaid"),
            BillingFault::PurchaseNotFound => Self::not_found(),
            BillingFault::NothingLeft => Self::conflict("pack_spent"),
            BillingFault::Payment(error) => error.into(),
            BillingFault::Credits(error) => error.into(),
            BillingFault::Database(error) => error.into(),
            BillingFault::Address(error) => Self::internal(error),
        }
    }
}
