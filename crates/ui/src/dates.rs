//! Dates and times of day as pages, mails and tables show them: always Japan's, which knows no summer time.

use kernel::Locale;
use time::format_description::BorrowedFormatItem;
use time::macros::{format_description, offset};
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// The time zone of the platform, UTC+9.
pub const JAPAN: UtcOffset = offset!(+9);

const MINUTE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]");
const SECOND: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const COMPACT: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]");

/// The calendar date in Japan; its `Display` is ISO 8601, `2026-11-21`.
pub fn date_of(at: OffsetDateTime) -> Date {
    at.to_offset(JAPAN).date()
}

/// A date as people write it: `2026年11月21日`, `21 November 2026`.
pub fn date_in_words(locale: Locale, date: Date) -> String {
    match locale {
        Locale::Ja => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}

/// The date of a moment as people write it; see [`date_in_words`].
pub fn day(locale: Locale, at: OffsetDateTime) -> String {
    date_in_words(locale, date_of(at))
}

/// The date and the time of day as people write them: `2026年11月21日 09:05`, `21 November 2026 09:05`.
pub fn minute(locale: Locale, at: OffsetDateTime) -> String {
    let local = at.to_offset(JAPAN);
    format!("{} {:02}:{:02}", day(locale, at), local.hour(), local.minute())
}

/// For tables: `2026-11-21 09:05`.
pub fn iso_minute(at: OffsetDateTime) -> String {
    format(at, MINUTE)
}

/// For files and spreadsheets: `2026-11-21 09:05:07`.
pub fn iso_second(at: OffsetDateTime) -> String {
    format(at, SECOND)
}

/// For the numbers of documents: `20261121`.
pub fn compact(at: OffsetDateTime) -> String {
    format(at, COMPACT)
}

fn format(at: OffsetDateTime, description: &[BorrowedFormatItem<'_>]) -> String {
    // Every component exists for every date and time, so this cannot fail.
    at.to_offset(JAPAN).format(description).unwrap_or_default()
}

/// The moment at which a date begins in Japan.
pub fn midnight(date: Date) -> OffsetDateTime {
    date.with_time(Time::MIDNIGHT).assume_offset(JAPAN)
}

/// The moment at which the month of `at` began in Japan.
pub fn month_start(at: OffsetDateTime) -> OffsetDateTime {
    let date = date_of(at);
    midnight(date.replace_day(1).unwrap_or(date))
}

/// `count` months later (earlier when negative) on the same day, or on the last day of a month that has no such day.
/// Keeps the offset and the time of day of `from`.
pub fn months_later(from: OffsetDateTime, count: i32) -> OffsetDateTime {
    let months = from.year() * 12 + i32::from(u8::from(from.month())) - 1 + count;
    let year = months.div_euclid(12);
    let month = u8::try_from(months.rem_euclid(12) + 1).ok().and_then(|number| Month::try_from(number).ok());
    let Some(month) = month else { return from };
    let day = from.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).map_or(from, |date| from.replace_date(date))
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    const LATE: OffsetDateTime = datetime!(2026-11-30 15:05:07 UTC);

    #[test]
    fn dates_are_those_of_japan_and_read_as_people_write_them() {
        assert_eq!(date_of(LATE).to_string(), "2026-12-01");
        assert_eq!(day(Locale::Ja, LATE), "2026年12月1日");
        assert_eq!(day(Locale::En, LATE), "1 December 2026");
        assert_eq!(minute(Locale::Ja, LATE), "2026年12月1日 00:05");
        assert_eq!(minute(Locale::En, LATE), "1 December 2026 00:05");
        assert_eq!(iso_minute(LATE), "2026-12-01 00:05");
        assert_eq!(iso_second(LATE), "2026-12-01 00:05:07");
        assert_eq!(compact(LATE), "20261201");
    }

    #[test]
    fn a_month_begins_at_midnight_in_japan() {
        assert_eq!(month_start(datetime!(2026-11-30 14:59:59 UTC)), datetime!(2026-10-31 15:00 UTC));
        assert_eq!(month_start(datetime!(2026-11-30 15:00:00 UTC)), datetime!(2026-11-30 15:00 UTC));
        assert_eq!(midnight(date!(2026 - 12 - 01)), datetime!(2026-11-30 15:00 UTC));
    }

    #[test]
    fn a_month_without_that_day_ends_earlier() {
        let from = datetime!(2026-12-31 03:00 UTC);
        assert_eq!(months_later(from, 2), datetime!(2027-02-28 03:00 UTC));
        assert_eq!(months_later(from, 14), datetime!(2028-02-29 03:00 UTC));
        assert_eq!(months_later(from, -12), datetime!(2025-12-31 03:00 UTC));
    }
}
