//! The check of every rule over the whole ledger.

use platform::Tx;

use super::model::Finding;
use super::queries;
use crate::error::LedgerError;

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
