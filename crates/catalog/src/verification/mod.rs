//! What `machiya verify` asks of the catalogue. Nothing is repaired here; a finding is an operator's matter.

mod files;
mod queries;

pub use files::{StoredFile, check_file};

use kernel::SystemReason;
use ledger::Finding;
use platform::{App, DatabaseError, Tx};

/// Findings of one rule at most; more of the same say nothing new.
const FINDINGS_PER_RULE_MAX: i64 = 100;

/// Checks every rule that the database can answer.
///
/// # Errors
/// When the database fails.
pub async fn verify(tx: &mut Tx) -> Result<Vec<Finding>, DatabaseError> {
    let offered = queries::exclusive_still_offered(tx, FINDINGS_PER_RULE_MAX).await?;
    let finding = |(subject, detail): (String, String)| Finding::new("exclusive_still_offered", subject, detail);
    Ok(offered.into_iter().map(finding).collect())
}

/// Reads the original of every version of every product and compares its checksum, so it takes its time.
///
/// # Errors
/// When the database or the storage fails; a file that is missing or changed is a finding.
pub async fn verify_files(app: &App) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut after = None;
    loop {
        let mut tx = app.db.begin_system(SystemReason::Verification).await?;
        let files = queries::originals_after(&mut tx, after, 200).await?;
        tx.commit().await?;
        let Some(last) = files.last() else { return Ok(findings) };
        after = Some(last.id);
        for file in &files {
            findings.extend(check_file(app, file).await?);
        }
    }
}
