//! Dates and times as pages and mails show them: in Japan's time zone.

use time::{OffsetDateTime, UtcOffset};

/// `2026-11-21 09:05`, Japan time.
pub(crate) fn date_time(moment: OffsetDateTime) -> String {
    let moment = in_japan(moment);
    format!("{} {:02}:{:02}", date(moment), moment.hour(), moment.minute())
}

/// `2026-11-21`, Japan time.
pub(crate) fn date(moment: OffsetDateTime) -> String {
    let moment = in_japan(moment);
    format!("{}-{:02}-{:02}", moment.year(), u8::from(moment.month()), moment.day())
}

fn in_japan(moment: OffsetDateTime) -> OffsetDateTime {
    moment.to_offset(UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC))
}
