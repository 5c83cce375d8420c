//! What verification finds, and what it reads.

use kernel::{PaymentId, Yen};
use serde::Serialize;

/// Something that should not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule that does not hold, as a stable code.
    pub code: String,
    /// What it does not hold for.
    pub subject: String,
    /// In words, for the operator.
    pub detail: String,
}

impl Finding {
    /// A finding.
    pub fn new(code: &str, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), subject: subject.into(), detail: detail.into() }
    }
}

/// What the ledger says of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentFacts {
    /// The payment.
    pub payment_id: PaymentId,
    /// What a provider took for it: the debit of its sale or receipt; nothing when it has neither.
    pub received: Option<Yen>,
    /// What the provider kept.
    pub fee: Yen,
    /// What a provider holds back of it because of disputes.
    pub disputed: Yen,
}
