//! How much one person may do in an hour: generous for people, an end for programs that run wild. The numbers are
//! settings (`MACHIYA_PUBLICATIONS_PER_HOUR`, `MACHIYA_CHECKOUTS_PER_HOUR`), as those of making pictures are.

use platform::Problem;
use platform::http::Member;
use platform::rate_limits::{self, RateLimit};

use crate::Market;

/// Counts a wish to publish.
///
/// # Errors
/// 429 with the seconds to wait.
pub(crate) async fn publishing(market: &Market, member: &Member) -> Result<(), Problem> {
    take(market, member, "market.publish", market.app().config.market.publications_per_hour).await
}

/// Counts a wish to order.
///
/// # Errors
/// 429 with the seconds to wait.
pub(crate) async fn ordering(market: &Market, member: &Member) -> Result<(), Problem> {
    take(market, member, "market.checkout", market.app().config.market.checkouts_per_hour).await
}

async fn take(market: &Market, member: &Member, name: &'static str, per_hour: u32) -> Result<(), Problem> {
    rate_limits::take(&member.ctx, market.app(), RateLimit::hourly(name, per_hour), &member.user.user_id.to_string())
        .await
}
