//! Why the ledger refuses.

use platform::DatabaseError;
use thiserror::Error;

/// A posting or a reading that did not happen.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// There is nothing to post: every amount is zero.
    #[error("a transfer needs two entries or more")]
    Empty,
    /// Debits and credits differ (`ML001`).
    #[error("the transfer does not balance")]
    Unbalanced,
    /// What was posted stays as it is (`ML002`), and takes no late entries (`ML003`).
    #[error("the ledger is append-only")]
    Immutable,
    /// The business key was posted with another body (`ML004`): somebody uses one key for two facts.
    #[error("the business key was posted with another body")]
    KeyReused,
    /// A leg names no account, or an unknown party (`ML005`).
    #[error("there is no such account")]
    UnknownAccount,
    /// A balance would sink below its floor (`ML006`).
    #[error("a balance would sink below zero")]
    FloorBreached,
    /// An entry is malformed (`ML007`).
    #[error("an entry is malformed")]
    Malformed,
    /// More would be taken back than was sold (`ML008`), or an amount lies outside what is left.
    #[error("more would be taken back than was sold")]
    Exceeds,
    /// The order item was never sold.
    #[error("the ledger knows no such sale")]
    NotSold,
    /// The database failed.
    #[error(transparent)]
    Database(DatabaseError),
}

impl LedgerError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "ledger_empty",
            Self::Unbalanced => "ledger_unbalanced",
            Self::Immutable => "ledger_immutable",
            Self::KeyReused => "ledger_key_reused",
            Self::UnknownAccount => "ledger_unknown_account",
            Self::FloorBreached => "ledger_floor_breached",
            Self::Malformed => "ledger_malformed",
            Self::Exceeds => "ledger_exceeds",
            Self::NotSold => "ledger_not_sold",
            Self::Database(_) => "database_unavailable",
        }
    }
}

impl From<DatabaseError> for LedgerError {
    fn from(fault: DatabaseError) -> Self {
        let sqlstate = fault.as_database_error().and_then(sqlx::error::DatabaseError::code);
        match sqlstate.as_deref() {
            Some("ML001") => Self::Unbalanced,
            Some("ML002" | "ML003") => Self::Immutable,
            // 23505: the payment is on the ledger already, as the other of sale and receipt.
            Some("ML004" | "23505") => Self::KeyReused,
            Some("ML005") => Self::UnknownAccount,
            Some("ML006") => Self::FloorBreached,
            Some("ML007") => Self::Malformed,
            Some("ML008") => Self::Exceeds,
            _ => Self::Database(fault),
        }
    }
}
