//! The chart of a period: a bar a day. A table beside it says the same in numbers.

use time::Date;

use super::model::{Period, Usage, day_text};

/// A bar in a picture of [`Chart::width`] by 100.
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) y: i64,
    pub(super) height: i64,
    /// What it says when somebody points at it.
    pub(super) title: String,
}

/// The bars of a period.
pub(super) struct Chart {
    pub(super) width: usize,
    pub(super) bars: Vec<Bar>,
    pub(super) busiest: i64,
    pub(super) first: String,
    pub(super) last: String,
}

/// The room of a bar and, within it, its width.
const BAR_ROOM: usize = 10;
pub(super) const BAR_WIDTH: usize = 8;
const HEIGHT: i64 = 100;

impl Chart {
    /// `say` words a day and its number.
    pub(super) fn of(period: Period, usage: &Usage, say: impl Fn(Date, i64) -> String) -> Self {
        let busiest = usage.days.values().map(|sum| sum.operations).max().unwrap_or_default();
        let bars: Vec<Bar> = period
            .days()
            .enumerate()
            .filter_map(|(index, day)| {
                let operations = usage.days.get(&day)?.operations;
                // Even the least of days is seen.
                let height = (operations * HEIGHT / busiest.max(1)).max(2);
                Some(Bar { x: index * BAR_ROOM + 1, y: HEIGHT - height, height, title: say(day, operations) })
            })
            .collect();
        Self {
            width: period.days().count() * BAR_ROOM,
            bars,
            busiest,
            first: day_text(period.from),
            last: day_text(period.to),
        }
    }
}
