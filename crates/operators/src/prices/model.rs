//! What an operator may say of a price.

use credits::PriceId;
use kernel::{ImageCredits, Tokens};
use platform::FieldProblem;
use serde::Deserialize;

use crate::reason;

/// At most so much for one operation, as the database has it.
const IMAGE_CREDITS_MAX: i64 = 1_000;
const TOKENS_MAX: i64 = 1_000_000;
/// Tokens are counted in thousandths.
const DECIMALS_MAX: usize = 3;

/// A price that is to be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// The price that the operator saw.
    pub seen: PriceId,
    /// Zero: cannot be paid with image credits.
    pub image_credits: ImageCredits,
    /// What it costs where no image credit is left.
    pub tokens: Tokens,
    /// Why; kept in the audit log.
    pub reason: String,
}

/// A change as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PriceForm {
    /// The price that the form was drawn for.
    pub price: String,
    /// A whole number.
    pub image_credits: String,
    /// A number with up to three decimals.
    pub tokens: String,
    /// Why.
    pub reason: String,
}

impl PriceForm {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn read(&self) -> Result<PriceChange, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let seen = self.price.parse::<PriceId>().ok();
        let typed = self.image_credits.trim().replace(',', "").parse::<i64>().ok();
        let image_credits = typed.filter(|count| (0..=IMAGE_CREDITS_MAX).contains(count)).map(ImageCredits);
        if image_credits.is_none() {
            problems.push(out_of_range("imageCredits", IMAGE_CREDITS_MAX));
        }
        let tokens = thousandths(self.tokens.trim()).map(Tokens);
        if tokens.is_none() {
            problems.push(out_of_range("tokens", TOKENS_MAX));
        }
        if tokens.is_some_and(|tokens| tokens.is_zero()) && image_credits.is_some_and(|count| count.is_zero()) {
            problems.push(FieldProblem::new("tokens", "price_of_nothing"));
        }
        let reason = reason::read(&self.reason).map_err(|problem| problems.push(problem)).ok();
        match (seen, image_credits, tokens, reason) {
            (Some(seen), Some(image_credits), Some(tokens), Some(reason)) if problems.is_empty() => {
                Ok(PriceChange { seen, image_credits, tokens, reason })
            }
            (None, ..) => Err(vec![FieldProblem::new("price", "unknown_value")]),
            _ => Err(problems),
        }
    }
}

fn out_of_range(field: &'static str, max: i64) -> FieldProblem {
    FieldProblem::new(field, "out_of_range").with("min", 0_i64).with("max", max)
}

/// `201` or `1,200.5` in thousandths, within bounds.
fn thousandths(text: &str) -> Option<i64> {
    let text = text.replace(',', "");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > DECIMALS_MAX || !are_digits(whole) || !are_digits(decimals) {
        return None;
    }
    let milli = format!("{whole}{decimals:0<DECIMALS_MAX$}").parse::<i64>().ok()?;
    (milli <= TOKENS_MAX * 1_000).then_some(milli)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_with_up_to_three_decimals() {
        assert_eq!(thousandths("201"), Some(201_000));
        assert_eq!(thousandths("1,200.5"), Some(1_200_500));
        assert_eq!(thousandths("0.001"), Some(1));
        assert_eq!(thousandths("1000000"), Some(1_000_000_000));
        for wrong in ["", ".", ".5", "-1", "1.2345", "1e3", "１", "1000000.001", "9999999999999999999999"] {
            assert_eq!(thousandths(wrong), None, "{wrong}");
        }
    }
}
