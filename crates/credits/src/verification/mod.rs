//! The proof: what `machiya verify` asks of credits. Nothing is repaired here; a finding is an operator's matter.

mod queries;

use ledger::Finding;
use platform::Tx;

use crate::error::CreditError;

/// Findings of one rule at most; more of the same tell nothing new.
const FINDINGS_PER_RULE_MAX: i64 = 100;

/// Checks every rule over all wallets. An empty list is the proof.
///
/// # Errors
/// When the database fails.
pub async fn verify(tx: &mut Tx) -> Result<Vec<Finding>, CreditError> {
    let mut findings = Vec::new();
    for (code, sql) in queries::RULES {
        let broken = queries::broken(tx, sql, FINDINGS_PER_RULE_MAX).await?;
        findings.extend(broken.into_iter().map(|(subject, detail)| Finding::new(code, subject, detail)));
    }
    Ok(findings)
}
