//! How the platform does: people, plans, money, pictures and waiting work; in stats, and day by day.

mod api;
mod chart;
mod model;
mod pages;
mod queries;

pub use model::{Day, PlanShare, Stats, Work};

use axum::Router;
use axum::routing::get;
use platform::App;
use time::{OffsetDateTime, UtcOffset};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/admin/stats", get(api::show)).route("/console/stats", get(pages::show))
}

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}

/// Tokyo's clock; Japan has no summer time.
const TOKYO_HOURS: i8 = 9;

/// A moment as operators read it, in Tokyo: `2026-11-21 12:05`.
pub(crate) fn moment(at: OffsetDateTime) -> String {
    let tokyo = UtcOffset::from_hms(TOKYO_HOURS, 0, 0).unwrap_or(UtcOffset::UTC);
    let at = at.to_offset(tokyo);
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// A whole number with its thousands apart: `1,234,567`.
pub(crate) fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn numbers_and_moments_are_read_at_a_glance() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(-1_234_567), "-1,234,567");
        assert_eq!(moment(datetime!(2026-11-20 15:05 UTC)), "2026-11-21 00:05");
    }
}
