//! Periods, sums and lines.

use std::collections::BTreeMap;

use kernel::{ImageCredits, Tokens, Yen};
use platform::Problem;
use platform::http::FieldProblem;
use serde::Deserialize;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};
use ui::dates::{date_of, midnight};

use crate::prices::model::Operation;

/// `2026-11-21`.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// The longest period of a statement, in days.
const PERIOD_DAYS_MAX: i64 = 366;

/// What was asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) from: String,
    pub(super) to: String,
}

/// A period of whole days, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: Date,
    pub(super) to: Date,
}

impl Period {
    /// What was asked for; what is left out is the month of `now`, up to its last day.
    pub(super) fn of(asked: &Asked, now: OffsetDateTime) -> Result<Self, Problem> {
        let today = date_of(now);
        let from = read("from", &asked.from)?;
        let to = read("to", &asked.to)?;
        let period = match (from, to) {
            (Some(from), Some(to)) => Self { from, to },
            (Some(from), None) => {
                Self { from, to: today.max(from).min(from.saturating_add(Duration::days(PERIOD_DAYS_MAX - 1))) }
            }
            (None, Some(to)) => Self { from: to.replace_day(1).unwrap_or(to), to },
            (None, None) => Self::month_of(today),
        };
        if period.to < period.from {
            return Err(Problem::invalid_field("to", "period_ends_before_it_begins"));
        }
        if (period.to - period.from).whole_days() >= PERIOD_DAYS_MAX {
            return Err(Problem::invalid(vec![
                FieldProblem::new("to", "period_too_long").with("max", PERIOD_DAYS_MAX),
            ]));
        }
        Ok(period)
    }

    /// The month of a day.
    pub(super) fn month_of(day: Date) -> Self {
        let from = day.replace_day(1).unwrap_or(day);
        let to = day.replace_day(day.month().length(day.year())).unwrap_or(day);
        Self { from, to }
    }

    /// The months before and after the period's first day.
    pub(super) fn neighbours(self) -> (Self, Self) {
        let month = Self::month_of(self.from);
        let before = Self::month_of(month.from.previous_day().unwrap_or(month.from));
        (before, Self::month_of(month.to.next_day().unwrap_or(month.to)))
    }

    /// When it begins, and when it is over.
    pub(super) fn moments(self) -> (OffsetDateTime, OffsetDateTime) {
        (midnight(self.from), midnight(self.to.next_day().unwrap_or(self.to)))
    }

    /// Every day of it.
    pub(super) fn days(self) -> impl Iterator<Item = Date> {
        std::iter::successors(Some(self.from), |day| day.next_day()).take_while(move |day| *day <= self.to)
    }
}

fn read(field: &'static str, text: &str) -> Result<Option<Date>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    // Four digits of year: a statement of other centuries has no reader, and days near the end of time no morrow.
    let day = Date::parse(text, DAY).ok().filter(|day| (2000..=2999).contains(&day.year()));
    day.map(Some).ok_or_else(|| Problem::invalid_field(field, "not_a_day"))
}

/// What was used, counted together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) operations: i64,
    pub(super) tokens: Tokens,
    pub(super) image_credits: ImageCredits,
}

impl Sum {
    fn add(&mut self, used: &Used) {
        self.operations += used.operations;
        self.tokens = self.tokens + used.tokens;
        self.image_credits = self.image_credits + used.image_credits;
    }
}

/// What was used on one day for one operation with one model.
#[derive(Clone, Debug)]
pub(super) struct Used {
    pub(super) day: Date,
    pub(super) operation: Operation,
    pub(super) provider: String,
    pub(super) model: String,
    pub(super) operations: i64,
    pub(super) tokens: Tokens,
    pub(super) image_credits: ImageCredits,
}

/// The usage of a period, counted in every way that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) total: Sum,
    pub(super) days: BTreeMap<Date, Sum>,
    pub(super) operations: BTreeMap<Operation, Sum>,
    pub(super) models: BTreeMap<(String, String), Sum>,
}

impl Usage {
    pub(super) fn of(used: &[Used]) -> Self {
        let mut usage = Self::default();
        for one in used {
            usage.total.add(one);
            usage.days.entry(one.day).or_default().add(one);
            usage.operations.entry(one.operation).or_default().add(one);
            usage.models.entry((one.provider.clone(), one.model.clone())).or_default().add(one);
        }
        usage
    }
}

/// What is there at some time, reserved or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) tokens: Tokens,
    pub(super) image_credits: ImageCredits,
}

/// A line of a statement, as the database has it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) at: OffsetDateTime,
    /// Of the last transaction in it.
    pub(super) number: i64,
    /// As in `credit_transactions.type`.
    pub(super) kind: String,
    pub(super) operation: Option<Operation>,
    pub(super) provider: Option<String>,
    pub(super) model: Option<String>,
    /// How many transactions it sums up.
    pub(super) count: i64,
    pub(super) tokens: Tokens,
    pub(super) image_credits: ImageCredits,
    pub(super) paid: Yen,
}

/// Each line with what is there after it.
pub(super) fn run_on(opening: Owned, lines: Vec<Line>) -> Vec<(Line, Owned)> {
    let mut owned = opening;
    lines
        .into_iter()
        .map(|line| {
            owned.tokens = owned.tokens + line.tokens;
            owned.image_credits = owned.image_credits + line.image_credits;
            (line, owned)
        })
        .collect()
}
