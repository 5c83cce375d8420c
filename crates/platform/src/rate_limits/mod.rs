//! Rate limits, shared by every process: the generic cell rate algorithm, one atomic statement a request.

pub(crate) mod queries;

use kernel::{Ctx, SystemReason};
use time::Duration;

use crate::app::App;
use crate::http::problem::Problem;

/// A limit: `burst` at once, then one every `every`.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// The stable name.
    pub name: &'static str,
    /// How many may come at once.
    pub burst: u32,
    /// How long until one more may come.
    pub every: Duration,
}

impl RateLimit {
    /// So many in an hour, a quarter of them at once.
    pub fn hourly(name: &'static str, per_hour: u32) -> Self {
        let per_hour = per_hour.max(1);
        Self { name, burst: per_hour.div_ceil(4), every: Duration::HOUR / per_hour }
    }
}

/// Counts one request of `key` (an account or an address) against `limit`, in a transaction of its own: a request that
/// fails later has still been made.
///
/// # Errors
/// 429 with the seconds to wait; 503 when the database does not answer.
pub async fn take(ctx: &Ctx, app: &App, limit: RateLimit, key: &str) -> Result<(), Problem> {
    let now = ctx.now();
    let tolerance = limit.every * limit.burst.saturating_sub(1);
    let mut tx = app.db.begin_counting(SystemReason::Maintenance).await?;
    let arrival = queries::take(&mut tx, limit.name, key, now, limit.every, now + tolerance).await?;
    tx.commit().await?;
    match arrival {
        queries::Taken::Allowed => Ok(()),
        queries::Taken::Refused { arrival_at } => {
            let wait = (arrival_at - tolerance - now).max(Duration::SECOND);
            metrics::counter!("machiya_rate_limited_total", "limit" => limit.name).increment(1);
            Err(Problem::too_many_requests(wait))
        }
    }
}

/// Takes back one request of `key`, because it turned out to be none that the limit is meant for.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn give_back(app: &App, limit: RateLimit, key: &str) -> Result<(), Problem> {
    let mut tx = app.db.begin_counting(SystemReason::Maintenance).await?;
    queries::give_back(&mut tx, limit.name, key, limit.every).await?;
    Ok(tx.commit().await?)
}
