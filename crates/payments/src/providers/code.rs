//! Which providers there are.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A provider's name in the database, in routes and in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ProviderCode {
    /// Stripe.
    Stripe,
    /// PayPal.
    #[serde(rename = "paypal")]
    #[sqlx(rename = "paypal")]
    PayPal,
    /// PayPay.
    #[serde(rename = "paypay")]
    #[sqlx(rename = "paypay")]
    PayPay,
    /// The local checkout page; no real money, never in production.
    Sandbox,
}

impl ProviderCode {
    /// Every provider.
    pub const ALL: [Self; 4] = [Self::Stripe, Self::PayPal, Self::PayPay, Self::Sandbox];

    /// The code, as in `payment_providers.code` and `/api/webhooks/{provider}`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::PayPal => "paypal",
            Self::PayPay => "paypay",
            Self::Sandbox => "sandbox",
        }
    }
}

/// No provider has this code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no provider has this code")]
pub struct UnknownProvider;

impl FromStr for ProviderCode {
    type Err = UnknownProvider;

    fn from_str(code: &str) -> Result<Self, UnknownProvider> {
        Self::ALL.into_iter().find(|known| known.as_str() == code).ok_or(UnknownProvider)
    }
}

impl From<ProviderCode> for ledger::ProviderName {
    fn from(code: ProviderCode) -> Self {
        Self::from(code.as_str())
    }
}
