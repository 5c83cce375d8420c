//! Payouts: from a seller's available money through transit to the bank.

mod rules;

pub use rules::{payout_failed, payout_paid, payout_started, provider_settlement};
