//! Counts password attempts and forgets them after a success.

use kernel::Ctx;
use platform::{DatabaseError, Problem, Tx};
use time::Duration;

use super::model::LoginAttempt;
use super::queries;

impl LoginAttempt {
    /// Counts this attempt. The transaction must be committed before the password is checked.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub(crate) async fn count(&self, ctx: &Ctx, tx: &mut Tx) -> Result<(), Problem> {
        let now = ctx.now();
        match queries::count(tx, self.subject(), &self.key(), now).await? {
            None => Ok(()),
            Some(next_attempt_at) => {
                metrics::counter!("machiya_login_attempts_delayed_total", "subject" => self.subject()).increment(1);
                Err(Problem::too_many_requests((next_attempt_at - now).max(Duration::SECOND)))
            }
        }
    }

    /// Resets the count after a successful proof of identity.
    pub(crate) async fn reset(&self, tx: &mut Tx) -> Result<(), DatabaseError> {
        queries::reset(tx, self.subject(), &self.key()).await
    }
}
