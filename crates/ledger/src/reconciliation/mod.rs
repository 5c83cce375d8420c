//! The proof: what `machiya verify` asks of the ledger. Nothing is repaired here; a finding is an operator's matter.

mod queries;
#[cfg(test)]
mod tests;

use platform::Tx;
use serde::Serialize;

use crate::LedgerError;

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

/// Findings of one rule at most; more of the same tell nothing new.
const FINDINGS_PER_RULE_MAX: i64 = 100;

/// Checks every rule over the whole ledger. An empty list is the proof.
///
/// # Errors
/// When the database fails.
pub async fn verify(tx: &mut Tx) -> Result<Vec<Finding>, LedgerError> {
    let mut findings = Vec::new();
    for (code, sql) in queries::RULES {
        let broken = queries::broken(tx, sql, FINDINGS_PER_RULE_MAX).await?;
        findings.extend(broken.into_iter().map(|(subject, detail)| Finding::new(code, subject, detail)));
    }
    Ok(findings)
}
