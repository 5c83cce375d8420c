//! Why credits did not move.

use http::StatusCode;
use ledger::LedgerError;
use platform::DatabaseError;
use platform::http::Problem;
use serde_json::{Value, json};
use thiserror::Error;

use crate::prices::model::Price;
use crate::wallets::model::{Balance, tokens_as_number};

/// Where more can be had.
const PLANS_URL: &str = "/plans";

/// Credits that did not move as asked.
#[derive(Debug, Error)]
pub enum CreditError {
    /// There is neither the image credits nor the tokens.
    #[error("there are not enough credits")]
    Insufficient {
        /// Either of the two would do.
        needed: Price,
        /// What is there.
        available: Balance,
    },
    /// There is less than an operator wants to take away.
    #[error("there are not enough credits to take away")]
    TooLittle,
    /// The plan is unpaid, and lets nothing be made until it is paid.
    #[error("the plan is read-only")]
    PlanReadOnly,
    /// The price that was shown is too old.
    #[error("the price has changed")]
    PriceChanged {
        /// What it costs now.
        now: Price,
    },
    /// Nobody has said what this costs.
    #[error("there is no price for {operation} with {provider}/{model}")]
    NoPrice {
        /// What was to be done.
        operation: &'static str,
        /// Whom to ask.
        provider: String,
        /// Which model.
        model: String,
    },
    /// The business key was used with another body (`MC004`): somebody uses one key for two facts.
    #[error("the business key was used with another body")]
    KeyReused,
    /// There is no such wallet (`MC001`).
    #[error("there is no such wallet")]
    NoWallet,
    /// There is no such lot.
    #[error("there is no such lot")]
    NoLot,
    /// There is no such hold.
    #[error("there is no such hold")]
    NoHold,
    /// The hold was given back before it could be captured: nothing was charged.
    #[error("the hold was released before")]
    HoldReleased,
    /// More would be captured than was held (`MC006`).
    #[error("more would be taken than was held")]
    Exceeds,
    /// There is no such plan (`MC009`).
    #[error("there is no such plan")]
    NoPlan,
    /// An amount, unit or time makes no sense (`MC003`).
    #[error("the amount is malformed")]
    Malformed,
    /// What was written stays as it is (`MC002`).
    #[error("credits are append-only")]
    Immutable,
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The database failed.
    #[error(transparent)]
    Database(DatabaseError),
}

impl CreditError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Insufficient { .. } | Self::TooLittle => "insufficient_credits",
            Self::PlanReadOnly => "plan_read_only",
            Self::PriceChanged { .. } => "price_changed",
            Self::NoPrice { .. } => "price_unknown",
            Self::KeyReused => "credits_key_reused",
            Self::NoWallet => "credits_no_wallet",
            Self::NoLot => "credits_no_lot",
            Self::NoHold => "credits_no_hold",
            Self::HoldReleased => "credits_hold_released",
            Self::Exceeds => "credits_exceed_hold",
            Self::NoPlan => "plan_unknown",
            Self::Malformed => "credits_malformed",
            Self::Immutable => "credits_immutable",
            Self::Ledger(error) => error.code(),
            Self::Database(_) => "database_unavailable",
        }
    }
}

impl From<DatabaseError> for CreditError {
    fn from(fault: DatabaseError) -> Self {
        let sqlstate = fault.as_database_error().and_then(sqlx::error::DatabaseError::code);
        match sqlstate.as_deref() {
            Some("MC001") => Self::NoWallet,
            Some("MC002") => Self::Immutable,
            Some("MC003") => Self::Malformed,
            // 23505: two people race for one key.
            Some("MC004" | "23505") => Self::KeyReused,
            Some("MC006") => Self::Exceeds,
            Some("MC009") => Self::NoPlan,
            _ => Self::Database(fault),
        }
    }
}

fn price_as_json(price: &Price) -> Value {
    json!({"imageCredits": price.image_credits, "tokens": tokens_as_number(price.tokens)})
}

impl From<CreditError> for Problem {
    fn from(error: CreditError) -> Self {
        let code = error.code();
        match &error {
            CreditError::Insufficient { needed, available } => Self::new(StatusCode::PAYMENT_REQUIRED, code)
                .with("images", needed.image_credits.get())
                .with("tokens", needed.tokens.to_string())
                .with("images-left", available.image_credits.get())
                .with("tokens-left", available.tokens.to_string())
                .member("needed", price_as_json(needed))
                .member(
                    "available",
                    json!({
                        "imageCredits": available.image_credits,
                        "tokens": tokens_as_number(available.tokens),
                    }),
                )
                .member("plansUrl", json!(PLANS_URL)),
            CreditError::PlanReadOnly => {
                Self::new(StatusCode::PAYMENT_REQUIRED, code).member("plansUrl", json!(PLANS_URL))
            }
            CreditError::PriceChanged { now } => Self::conflict(code)
                .with("images", now.image_credits.get())
                .with("tokens", now.tokens.to_string())
                .member("priceId", json!(now.id))
                .member("price", price_as_json(now)),
            CreditError::NoPrice { .. } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, code).because(error),
            CreditError::TooLittle | CreditError::KeyReused | CreditError::HoldReleased => Self::conflict(code),
            CreditError::NoWallet | CreditError::NoLot | CreditError::NoHold | CreditError::NoPlan => Self::not_found(),
            CreditError::Database(_) | CreditError::Ledger(LedgerError::Database(_)) => match error {
                CreditError::Database(fault) | CreditError::Ledger(LedgerError::Database(fault)) => Self::from(fault),
                other => Self::internal(other),
            },
            CreditError::Exceeds | CreditError::Malformed | CreditError::Immutable | CreditError::Ledger(_) => {
                Self::internal(error)
            }
        }
    }
}
