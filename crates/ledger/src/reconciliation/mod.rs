//! The proof: what `machiya verify` asks of the ledger. Nothing is repaired here; a finding is an operator's matter.

mod facts;
mod model;
mod queries;
#[cfg(test)]
mod tests;
mod verify;

pub use facts::{accounted_payments, payment_facts, refund_facts};
pub use model::{Finding, PaymentFacts};
pub use verify::verify;
