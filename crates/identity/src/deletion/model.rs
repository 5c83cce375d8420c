//! An account to be erased, and what the domains do about it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kernel::{Ctx, UserId};
use platform::{App, DatabaseError, Tx};
use time::Duration;

/// How long a deletion can be cancelled.
pub(super) const GRACE: Duration = Duration::days(14);

/// An account whose grace period is over.
#[derive(Clone, Debug)]
pub struct ErasedAccount {
    /// The account.
    pub user_id: UserId,
    /// The mail address, to be erased wherever it is stored.
    pub email: String,
}

/// What one domain does when an account is erased, in the transaction of the erasure.
pub type ErasureHook = for<'a> fn(
    &'a App,
    &'a Ctx,
    &'a mut Tx,
    &'a ErasedAccount,
) -> Pin<Box<dyn Future<Output = Result<(), DatabaseError>> + Send + 'a>>;

/// The hooks of all domains.
pub type ErasureHooks = Arc<[ErasureHook]>;
