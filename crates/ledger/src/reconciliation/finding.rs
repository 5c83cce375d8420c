//! What verification finds.

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
