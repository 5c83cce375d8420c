//! What `machiya verify` asks of orders. Nothing is repaired here; a finding is an operator's matter.

pub(crate) mod queries;
pub(crate) mod stock;

use catalog::verification::check_file;
use kernel::SystemReason;
use ledger::Finding;
use platform::{App, DatabaseError, Tx};

/// Findings of one rule at most; more of the same say nothing new.
const FINDINGS_PER_RULE_MAX: i64 = 100;

/// Checks every rule that the database can answer. An empty list means that everything holds.
///
/// # Errors
/// When the database fails.
pub async fn verify(tx: &mut Tx) -> Result<Vec<Finding>, DatabaseError> {
    let mut findings = Vec::new();
    for (code, sql) in queries::RULES {
        let violations = queries::violations(tx, sql, FINDINGS_PER_RULE_MAX).await?;
        findings.extend(violations.into_iter().map(|(subject, detail)| Finding::new(code, subject, detail)));
    }
    findings.extend(stock::verify_stock(tx).await?);
    Ok(findings)
}

/// Reads the package of every entitlement and compares its checksum, so it takes its time.
///
/// # Errors
/// When the database or the storage fails; a file that is missing or changed is a finding.
pub async fn verify_files(app: &App) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut after = None;
    loop {
        let mut tx = app.db.begin_system(SystemReason::Verification).await?;
        let files = queries::packages_after(&mut tx, after, 200).await?;
        tx.commit().await?;
        let Some(last) = files.last() else { return Ok(findings) };
        after = Some(last.id);
        for file in &files {
            findings.extend(check_file(app, file).await?);
        }
    }
}
