//! Whoever leaves the platform pays for nothing any more.

use kernel::{Ctx, UserId};
use platform::{DatabaseError, Tx};

use super::model::Status;
use super::queries::{self, Which};
use crate::subscriptions::at_provider::end_at_provider;

/// Ends the subscription of somebody who leaves, here and at the provider, in the transaction of the leaving, and forgets
/// their mail address. No mail: there is nobody to write to.
///
/// # Errors
/// When the database does not answer.
pub async fn end_of(ctx: &Ctx, tx: &mut Tx, user_id: UserId, email: &str) -> Result<(), DatabaseError> {
    queries::forget_address(ctx, tx, user_id, email).await?;
    let Some(mut subscription) = queries::lock(tx, Which::LiveOf(user_id)).await? else { return Ok(()) };
    subscription.status = Status::Ended;
    subscription.past_due_since = None;
    subscription.ended_at = Some(ctx.now());
    end_at_provider(ctx, tx, &subscription).await?;
    queries::save(ctx, tx, &subscription, None).await
}
