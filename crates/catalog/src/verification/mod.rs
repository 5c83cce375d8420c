//! What `machiya verify` asks of the catalogue. Nothing is repaired here; a finding is an operator's matter.

pub(crate) mod files;
pub(crate) mod queries;

pub use files::{StoredFile, check_file};
pub use queries::{CountedLicences, counted_after, sold_exclusively};

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
    let miscounted = queries::lineage_counter_differs(tx, FINDINGS_PER_RULE_MAX).await?;
    let findings = |code, rows: Vec<(String, String)>| {
        rows.into_iter().map(move |(subject, detail)| Finding::new(code, subject, detail))
    };
    let offered = findings("exclusive_still_offered", offered);
    Ok(offered.chain(findings("lineage_counter_differs", miscounted)).collect())
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
