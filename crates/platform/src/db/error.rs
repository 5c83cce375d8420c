//! Why a statement or a transaction failed.

/// The database does not answer, or refused.
pub type DatabaseError = sqlx::Error;
