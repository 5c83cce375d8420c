//! What a wallet holds.

use kernel::{ImageCredits, Tokens};
use serde_json::Number;

/// What a person has, now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Tokens that may be spent.
    pub tokens: Tokens,
    /// Tokens that are reserved for work under way.
    pub tokens_held: Tokens,
    /// Image credits that may be spent.
    pub image_credits: ImageCredits,
    /// Image credits that are reserved for work under way.
    pub image_credits_held: ImageCredits,
}

/// Thousandths of a token in a US cent, at 1,500 tokens a dollar.
const MILLI_PER_CENT: i64 = 15_000;

impl Balance {
    /// The tokens in US cents, rounded half up: a derived view, never an amount to pay with.
    pub const fn usd_cents(&self) -> i64 {
        (self.tokens.0 + MILLI_PER_CENT / 2) / MILLI_PER_CENT
    }
}

/// Tokens as a JSON number: whole where they are whole, else with up to three decimals.
pub fn tokens_as_number(tokens: Tokens) -> Number {
    let milli = tokens.get();
    if milli % 1_000 == 0 {
        return Number::from(milli / 1_000);
    }
    let decimal = format!("{}{}.{:03}", if milli < 0 { "-" } else { "" }, milli.abs() / 1_000, milli.abs() % 1_000);
    decimal.parse().ok().and_then(Number::from_f64).unwrap_or_else(|| Number::from(milli / 1_000))
}
