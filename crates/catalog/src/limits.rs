//! How much one person may publish in an hour (`MACHIYA_PUBLICATIONS_PER_HOUR`).

use platform::Problem;
use platform::http::Member;
use platform::rate_limits::{self, RateLimit};

use crate::state::Catalog;

/// Counts a publication.
///
/// # Errors
/// 429 with the seconds to wait.
pub(crate) async fn publishing(catalog: &Catalog, member: &Member) -> Result<(), Problem> {
    let app = catalog.app();
    let limit = RateLimit::hourly("catalog.publish", app.config.catalog.publications_per_hour);
    rate_limits::take(&member.ctx, app, limit, &member.user.user_id.to_string()).await
}
