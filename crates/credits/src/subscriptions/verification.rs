//! The proof: what `machiya verify` asks of subscriptions and packs. Nothing is repaired here.

use kernel::Ctx;
use ledger::Finding;
use platform::{DatabaseError, Tx};
use time::Duration;

use crate::subscriptions::rules::queries::{RULES, broken};

/// Findings of one rule at most; more of the same tell nothing new.
const FINDINGS_PER_RULE_MAX: i64 = 100;

/// What follows by a job is no finding before it had this much time.
const UNDER_WAY: Duration = Duration::hours(1);

/// Checks every rule over all subscriptions and packs. An empty list is the proof.
///
/// # Errors
/// When the database fails.
pub async fn verify(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<Finding>, DatabaseError> {
    let mut findings = Vec::new();
    for (code, sql) in RULES {
        let rows = broken(tx, sql, FINDINGS_PER_RULE_MAX, ctx.now() - UNDER_WAY).await?;
        findings.extend(rows.into_iter().map(|(subject, detail)| Finding::new(code, subject, detail)));
    }
    Ok(findings)
}
