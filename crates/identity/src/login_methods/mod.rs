//! What opens an account by itself: a password, a passkey, an account at another site. The last one stays.

mod queries;

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;

/// Makes changes of one person's ways wait for each other, so that two removals cannot each leave the other's.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn lock(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    queries::lock(tx, user_id).await
}

/// Whether there is still one.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn is_any(tx: &mut PgConnection, user_id: UserId) -> Result<bool, DatabaseError> {
    queries::is_any(tx, user_id).await
}
