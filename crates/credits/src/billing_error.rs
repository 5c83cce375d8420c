//! Why a plan or a pack was not begun, changed, bought or given back.

use payments::PaymentError;
use platform::DatabaseError;
use platform::http::Problem;
use thiserror::Error;

use crate::error::CreditError;

/// What stands in the way of billing.
#[derive(Debug, Error)]
pub enum BillingError {
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
    Database(#[from] DatabaseError),
    /// An address of ours does not parse: the platform's public address is wrong.
    #[error("an address of the app does not parse")]
    Address(#[from] url::ParseError),
}

impl From<BillingError> for Problem {
    fn from(fault: BillingError) -> Self {
        match fault {
            BillingError::PlanUnavailable => Self::invalid_field("planId", "plan_unavailable"),
            BillingError::PackUnavailable => Self::invalid_field("packageId", "pack_unavailable"),
            BillingError::PriceChanged => Self::conflict("price_changed_meanwhile"),
            BillingError::SubscriptionExists => {
                Self::conflict("subscription_exists").member("changeUrl", serde_json::json!("/plans"))
            }
            BillingError::NoSubscription => Self::conflict("subscription_missing"),
            BillingError::Unchanged => Self::conflict("subscription_unchanged"),
            BillingError::Unpaid => Self::conflict("subscription_unpaid"),
            BillingError::PurchaseNotFound => Self::not_found(),
            BillingError::NothingLeft => Self::conflict("pack_spent"),
            BillingError::Payment(error) => error.into(),
            BillingError::Credits(error) => error.into(),
            BillingError::Database(error) => error.into(),
            BillingError::Address(error) => Self::internal(error),
        }
    }
}
