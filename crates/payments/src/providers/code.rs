//! Which providers there are.

use serde::{Deserialize, Serialize};

use super::sandbox::names::NAME_MARK;

/// A provider's name in the database and in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ProviderCode {
    /// Stripe.
    Stripe,
    /// The local checkout page; no real money, never in production.
    Sandbox,
}

impl ProviderCode {
    /// The code, as in `payment_providers.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::Sandbox => "sandbox",
        }
    }

    /// The provider that gave something its name: the sandbox's names say so.
    pub(crate) fn of_name(name: &str) -> Self {
        if name.contains(NAME_MARK) { Self::Sandbox } else { Self::Stripe }
    }
}

impl From<ProviderCode> for ledger::ProviderName {
    fn from(code: ProviderCode) -> Self {
        Self::from(code.as_str())
    }
}
