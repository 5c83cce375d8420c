//! The chart of accounts, as types: an account is a kind and a party.

use std::fmt;

use kernel::UserId;
use serde::{Deserialize, Serialize};

/// The code of a payment provider, as in `payment_providers.code`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct ProviderName(pub String);

impl From<&str> for ProviderName {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An account. There is none that a careless posting could fall into.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// Money that a provider has taken for the platform and not yet paid out or given back.
    ProviderClearing(ProviderName),
    /// Money that a provider has withdrawn because of an open dispute.
    DisputeReceivable(ProviderName),
    /// Money taken for what cannot be delivered; it goes back to the buyer.
    RefundsOwed(ProviderName),
    /// The bank account of the platform.
    Bank,
    /// The platform's share of sales.
    PlatformRevenue,
    /// What providers charge for payments; borne by the platform.
    PaymentFeeExpense,
    /// What was paid for credits that are neither used nor expired.
    DeferredCredits,
    /// What was paid for credits that were used or have expired.
    CreditRevenue,
    /// A seller's share of sales that may still be refunded.
    SellerPending(UserId),
    /// A seller's share that may be paid out.
    SellerAvailable(UserId),
    /// A seller's share of sales in dispute.
    SellerFrozen(UserId),
    /// A seller's money on its way to the seller's bank.
    PayoutInTransit(UserId),
}

impl Account {
    /// The kind, as in `ledger_account_kinds.code`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ProviderClearing(_) => "provider_clearing",
            Self::DisputeReceivable(_) => "dispute_receivable",
            Self::RefundsOwed(_) => "refunds_owed",
            Self::Bank => "bank",
            Self::PlatformRevenue => "platform_revenue",
            Self::PaymentFeeExpense => "payment_fee_expense",
            Self::DeferredCredits => "deferred_credits",
            Self::CreditRevenue => "credit_revenue",
            Self::SellerPending(_) => "seller_pending",
            Self::SellerAvailable(_) => "seller_available",
            Self::SellerFrozen(_) => "seller_frozen",
            Self::PayoutInTransit(_) => "payout_in_transit",
        }
    }

    /// The seller, for a seller's account.
    pub const fn seller_id(&self) -> Option<UserId> {
        match self {
            Self::SellerPending(seller)
            | Self::SellerAvailable(seller)
            | Self::SellerFrozen(seller)
            | Self::PayoutInTransit(seller) => Some(*seller),
            _ => None,
        }
    }

    /// The provider, for a provider's account.
    pub const fn provider(&self) -> Option<&ProviderName> {
        match self {
            Self::ProviderClearing(provider) | Self::DisputeReceivable(provider) | Self::RefundsOwed(provider) => {
                Some(provider)
            }
            _ => None,
        }
    }
}
