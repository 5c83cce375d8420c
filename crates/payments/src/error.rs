//! The errors of payments.

use http::StatusCode;
use ledger::LedgerError;
use platform::DatabaseError;
use platform::http::Problem;
use thiserror::Error;

use crate::providers::error::ProviderError;
use crate::purpose::Purpose;

/// A payment, or a refund, that did not go as asked.
#[derive(Debug, Error)]
pub enum PaymentError {
    /// There is no such payment.
    #[error("there is no such payment")]
    NotFound,
    /// A field is outside what a provider accepts.
    #[error("the field {0} is outside what a provider accepts")]
    InvalidRequest(&'static str),
    /// The purpose has a payment with another amount or buyer.
    #[error("the purpose has another payment")]
    Conflict,
    /// There is nothing to pay any more: it is paid.
    #[error("the payment is paid")]
    AlreadyPaid,
    /// There is nothing to pay any more: the offer ended.
    #[error("the payment has lapsed")]
    Lapsed,
    /// No money arrived that could go back.
    #[error("the payment has no money to give back")]
    NotCaptured,
    /// More would go back than arrived.
    #[error("more would be given back than was paid")]
    RefundExceeds,
    /// There is nothing to change any more: the subscription is over.
    #[error("the subscription is over")]
    SubscriptionOver,
    /// The card or wallet declined; nothing has changed.
    #[error("the payment was declined: {0}")]
    Declined(String),
    /// The provider did not answer, or refused.
    #[error("the provider is not available: {0}")]
    ProviderUnavailable(String),
    /// The provider is not configured here.
    #[error("the provider {0} is not configured")]
    ProviderNotConfigured(&'static str),
    /// The sandbox and production exclude each other.
    #[error("the sandbox provider is refused in production")]
    SandboxInProduction,
    /// The program was put together without a route for a purpose.
    #[error("no job is routed for payments for {0:?}")]
    NoRoute(Purpose),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl PaymentError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "payment_not_found",
            Self::InvalidRequest(_) => "payment_invalid",
            Self::Conflict => "payment_conflict",
            Self::AlreadyPaid => "payment_already_paid",
            Self::Lapsed => "payment_lapsed",
            Self::NotCaptured => "payment_not_captured",
            Self::RefundExceeds => "refund_exceeds_payment",
            Self::SubscriptionOver => "subscription_over",
            Self::Declined(_) => "payment_declined",
            Self::ProviderUnavailable(_) | Self::ProviderNotConfigured(_) => "payment_provider_unavailable",
            Self::SandboxInProduction => "sandbox_in_production",
            Self::NoRoute(_) => "payment_without_route",
            Self::Ledger(error) => error.code(),
            Self::Database(_) => "database_unavailable",
        }
    }
}

impl From<ProviderError> for PaymentError {
    fn from(error: ProviderError) -> Self {
        let code = error.code().to_owned();
        match error {
            ProviderError::Declined(_) => Self::Declined(code),
            _ => Self::ProviderUnavailable(code),
        }
    }
}

impl From<PaymentError> for Problem {
    fn from(error: PaymentError) -> Self {
        let code = error.code();
        match error {
            PaymentError::NotFound => Self::not_found(),
            PaymentError::InvalidRequest(field) => Self::invalid_field(field, "out_of_range"),
            PaymentError::Conflict
            | PaymentError::AlreadyPaid
            | PaymentError::Lapsed
            | PaymentError::NotCaptured
            | PaymentError::SubscriptionOver
            | PaymentError::RefundExceeds => Self::conflict(code),
            PaymentError::Declined(_) => Self::new(StatusCode::PAYMENT_REQUIRED, code),
            PaymentError::ProviderUnavailable(_) | PaymentError::ProviderNotConfigured(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, code).retry_after(time::Duration::seconds(5)).because(error)
            }
            PaymentError::Database(fault) => Self::from(fault),
            PaymentError::Ledger(LedgerError::Database(fault)) => Self::from(fault),
            PaymentError::SandboxInProduction | PaymentError::NoRoute(_) | PaymentError::Ledger(_) => {
                Self::internal(error)
            }
        }
    }
}
