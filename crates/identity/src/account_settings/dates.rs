//! Moments in Japan, as people write them.

use kernel::Locale;
use time::OffsetDateTime;
use time::macros::offset;
use ui::Messages;

/// A day.
pub(crate) fn day(t: Messages, at: OffsetDateTime) -> String {
    let date = at.to_offset(offset!(+9)).date();
    match t.locale() {
        Locale::Ja => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}

/// A day and a time of it.
pub(crate) fn minute(t: Messages, at: OffsetDateTime) -> String {
    let local = at.to_offset(offset!(+9));
    format!("{} {:02}:{:02}", day(t, at), local.hour(), local.minute())
}
