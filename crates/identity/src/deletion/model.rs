//! Who leaves, and what the domains do about it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kernel::{Ctx, UserId};
use platform::{App, DatabaseError, Tx};
use time::Duration;

/// How long somebody can change their mind.
pub const GRACE: Duration = Duration::days(14);

/// Somebody who leaves.
#[derive(Clone, Debug)]
pub struct Leaver {
    /// The account.
    pub user_id: UserId,
    /// The mail address that is to be forgotten.
    pub email: String,
}

/// What one domain does when somebody leaves, in the transaction of the erasure.
pub type Hook = for<'a> fn(
    &'a App,
    &'a Ctx,
    &'a mut Tx,
    &'a Leaver,
) -> Pin<Box<dyn Future<Output = Result<(), DatabaseError>> + Send + 'a>>;

/// What all domains do.
pub type Hooks = Arc<[Hook]>;
