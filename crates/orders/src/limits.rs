//! How many orders one person may place in an hour (`MACHIYA_CHECKOUTS_PER_HOUR`).

use platform::Problem;
use platform::http::Member;
use platform::rate_limits::{self, RateLimit};

use crate::state::Orders;

/// Counts an order.
///
/// # Errors
/// 429 with the seconds to wait.
pub(crate) async fn ordering(orders: &Orders, member: &Member) -> Result<(), Problem> {
    let app = orders.app();
    let limit = RateLimit::hourly("orders.checkout", app.config.orders.checkouts_per_hour);
    rate_limits::take(&member.ctx, app, limit, &member.user.user_id.to_string()).await
}
