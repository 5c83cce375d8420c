//! What an operator may change of a wallet.

use credits::Amount;
use kernel::{ImageCredits, Tokens, UserId};
use platform::FieldProblem;
use serde::Deserialize;
use time::Duration;

use crate::reason;

/// At most so much at once; a slip of the finger costs no more.
const TOKENS_MAX: i64 = 10_000_000;
const IMAGE_CREDITS_MAX: i64 = 100_000;
/// Days that a gift lasts where nothing is said: as long as anything that is bought (資金決済法).
const LIFETIME_DAYS: i64 = 180;
const LIFETIME_DAYS_MAX: i64 = 180;

/// A change of a wallet, up or down.
#[derive(Clone, Debug)]
pub struct Correction {
    /// Whose.
    pub user_id: UserId,
    /// How many of what; never zero of nothing.
    pub amount: Amount,
    /// Whether it is given or taken.
    pub direction: Direction,
    /// Why; shown to the person.
    pub reason: String,
    /// How long a gift lasts.
    pub lifetime: Duration,
}

/// Which way a correction goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the person.
    Give,
    /// From the person.
    Take,
}

/// A correction as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CorrectionForm {
    /// `image` or `token`.
    pub unit: String,
    /// Above zero gives, below takes; tokens are whole ones.
    pub amount: String,
    /// Why.
    pub reason: String,
    /// How many days a gift lasts.
    pub days: String,
}

impl CorrectionForm {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn read(&self, user_id: UserId) -> Result<Correction, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let days = match self.days.trim() {
            "" => Some(LIFETIME_DAYS),
            text => text.parse().ok().filter(|days| (1..=LIFETIME_DAYS_MAX).contains(days)),
        };
        if days.is_none() {
            let problem = FieldProblem::new("days", "out_of_range");
            problems.push(problem.with("min", 1_i64).with("max", LIFETIME_DAYS_MAX));
        }
        let reason = reason::read(&self.reason).map_err(|problem| problems.push(problem)).ok();
        let max = match self.unit.as_str() {
            "image" => Some(IMAGE_CREDITS_MAX),
            "token" => Some(TOKENS_MAX),
            _ => {
                problems.push(FieldProblem::new("unit", "unknown_value"));
                None
            }
        };
        let typed = self.amount.trim().replace(',', "").parse::<i64>().ok();
        let number = typed.zip(max).filter(|(number, max)| *number != 0 && number.unsigned_abs() <= max.unsigned_abs());
        if number.is_none() && max.is_some() {
            let max = max.unwrap_or_default();
            problems.push(FieldProblem::new("amount", "out_of_range").with("min", -max).with("max", max));
        }
        match (number, reason, days) {
            (Some((number, _)), Some(reason), Some(days)) if problems.is_empty() => Ok(Correction {
                user_id,
                amount: if self.unit == "image" {
                    Amount::Images(ImageCredits(number.abs()))
                } else {
                    Amount::Tokens(Tokens::whole(number.abs()))
                },
                direction: if number > 0 { Direction::Give } else { Direction::Take },
                reason,
                lifetime: Duration::days(days),
            }),
            _ => Err(problems),
        }
    }
}
