//! The proof of DESIGN §7: what `machiya verify` asks of every domain.

use anyhow::Result;
use kernel::SystemReason;
use ledger::Finding;
use platform::App;

/// What was checked, and what should not be.
#[derive(Debug, Default)]
pub struct Report {
    sections: Vec<(&'static str, Vec<Finding>)>,
}

impl Report {
    /// Whether everything holds.
    pub fn is_clean(&self) -> bool {
        self.sections.iter().all(|(_, findings)| findings.is_empty())
    }

    /// Every finding.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.sections.iter().flat_map(|(_, findings)| findings)
    }

    /// A line a section and a line a finding, for people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (section, findings) in &self.sections {
            let verdict = if findings.is_empty() { "holds".to_owned() } else { format!("{} findings", findings.len()) };
            lines.push(format!("{section}: {verdict}"));
            lines.extend(
                findings.iter().map(|finding| format!("  {} {}: {}", finding.code, finding.subject, finding.detail)),
            );
        }
        lines
    }
}

/// Checks the ledger, the payments, the credits, the sales with their entitlements, and the bytes of everything that
/// was delivered.
///
/// # Errors
/// When the database or the storage does not answer.
pub async fn verify(app: &App) -> Result<Report> {
    let ctx = app.system_ctx(SystemReason::Verification);
    let mut report = Report::default();
    let mut tx = app.db.begin_system(SystemReason::Verification).await?;
    report.sections.push(("ledger (every yen twice, balances equal their entries)", ledger::verify(&mut tx).await?));
    report.sections.push(("payments (captured money is on the ledger)", payments::verify(&ctx, &mut tx).await?));
    report.sections.push(("credits (wallets add up, paid credits are earned once)", credits::verify(&mut tx).await?));
    let plans = credits::subscriptions::verify(&ctx, &mut tx).await?;
    report.sections.push(("plans (every paid invoice is on the ledger and gave what it pays for, once)", plans));
    report.sections.push(("catalogue (nothing exclusively sold is offered)", catalog::verify(&mut tx).await?));
    report.sections.push(("sales (sale, entitlement, stock)", orders::verify(&mut tx).await?));
    tx.commit().await?;
    report.sections.push(("originals (every product its picture)", catalog::verify_files(app).await?));
    let files = orders::verify_files(app).await?;
    report.sections.push(("deliveries (every entitlement its bytes)", files));
    Ok(report)
}
