//! The calendar of a subscription. Pure.

use kernel::Yen;
use time::{Duration, Month, OffsetDateTime};

use crate::subscriptions::model::BillingPeriod;

/// How long after a failed attempt to collect the next one follows; after the last the subscription ends.
const WAITS: [Duration; 3] = [Duration::days(3), Duration::days(5), Duration::days(7)];

/// When to try again after `attempts` failures; nothing when that was enough.
pub(super) fn next_attempt(at: OffsetDateTime, attempts: i32) -> Option<OffsetDateTime> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    WAITS.get(index).map(|wait| at + *wait)
}

/// `count` months later on the same day, or on the month's last day where it has no such day.
pub(super) fn months_later(from: OffsetDateTime, count: i32) -> OffsetDateTime {
    let months = from.year() * 12 + i32::from(u8::from(from.month())) - 1 + count;
    let year = months.div_euclid(12);
    let month = u8::try_from(months.rem_euclid(12) + 1).ok().and_then(|number| Month::try_from(number).ok());
    let Some(month) = month else { return from };
    let day = from.day().min(month.length(year));
    time::Date::from_calendar_date(year, month, day).map_or(from, |date| from.replace_date(date))
}

const fn months_of(period: BillingPeriod) -> i32 {
    match period {
        BillingPeriod::Month => 1,
        BillingPeriod::Year => 12,
    }
}

/// The end of the period that begins at `start`, counted from the anchor, so that the 31st comes back after February.
pub(super) fn period_end(anchor: OffsetDateTime, period: BillingPeriod, start: OffsetDateTime) -> OffsetDateTime {
    let length = months_of(period);
    let passed =
        (start.year() - anchor.year()) * 12 + i32::from(u8::from(start.month())) - i32::from(u8::from(anchor.month()));
    let mut number = (passed / length).max(0);
    loop {
        let end = months_later(anchor, number * length);
        if end > start {
            return end;
        }
        number += 1;
    }
}

/// The part of a price that falls on the time from `at` to the end of a period, to the nearest yen.
pub(super) fn rest_of(price: Yen, start: OffsetDateTime, end: OffsetDateTime, at: OffsetDateTime) -> Yen {
    let whole = i128::from((end - start).whole_seconds().max(1));
    let left = i128::from((end - at).whole_seconds()).clamp(0, whole);
    let part = (i128::from(price.get()) * left * 2 + whole) / (whole * 2);
    Yen(i64::try_from(part).unwrap_or(price.get()))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_thirty_first_comes_back_after_february() {
        let anchor = datetime!(2027-01-31 10:00 UTC);
        let mut start = anchor;
        let mut days = Vec::new();
        for _ in 0..5 {
            start = period_end(anchor, BillingPeriod::Month, start);
            days.push((u8::from(start.month()), start.day()));
        }
        assert_eq!(days, [(2, 28), (3, 31), (4, 30), (5, 31), (6, 30)]);
        let leap = datetime!(2028-02-29 00:00 UTC);
        assert_eq!(period_end(leap, BillingPeriod::Year, leap), datetime!(2029-02-28 00:00 UTC));
        assert_eq!(months_later(datetime!(2026-12-15 01:02 UTC), 1), datetime!(2027-01-15 01:02 UTC));
    }

    #[test]
    fn half_a_period_costs_half_the_price() {
        let (start, end) = (datetime!(2027-04-01 0:00 UTC), datetime!(2027-05-01 0:00 UTC));
        assert_eq!(rest_of(Yen(9_801), start, end, datetime!(2027-04-16 0:00 UTC)), Yen(4_901));
        assert_eq!(rest_of(Yen(9_800), start, end, start), Yen(9_800));
        assert_eq!(rest_of(Yen(9_800), start, end, end), Yen::ZERO);
        assert_eq!(rest_of(Yen(9_800), start, end, datetime!(2027-06-01 0:00 UTC)), Yen::ZERO);
    }

    #[test]
    fn three_more_attempts_and_then_none() {
        let at = datetime!(2027-04-01 0:00 UTC);
        assert_eq!(next_attempt(at, 1), Some(datetime!(2027-04-04 0:00 UTC)));
        assert!(next_attempt(at, 3).is_some());
        assert_eq!(next_attempt(at, 4), None);
    }
}
