//! Compares reservations with what the catalogue counts.

use catalog::verification::{counted_after, sold_exclusively};
use kernel::ProductId;
use ledger::Finding;
use platform::{DatabaseError, Tx};

use super::queries;

/// Products and lineages that are compared in one statement.
const PAGE: i64 = 1_000;

/// Checks that the counters of every design equal its reservations, and that every exclusive sale closed its lineage.
pub(super) async fn verify_stock(tx: &mut Tx) -> Result<Vec<Finding>, DatabaseError> {
    let mut findings = counters(tx).await?;
    findings.extend(exclusive_sales(tx).await?);
    Ok(findings)
}

async fn counters(tx: &mut Tx) -> Result<Vec<Finding>, DatabaseError> {
    let (mut findings, mut after) = (Vec::new(), None);
    loop {
        let counted = counted_after(tx, after, PAGE).await?;
        let Some(last) = counted.last() else { return Ok(findings) };
        after = Some(last.product_id);
        let ids: Vec<ProductId> = counted.iter().map(|one| one.product_id).collect();
        let reserved = queries::reserved_of(tx, &ids).await?;
        for one in counted {
            let found = reserved.iter().find(|(id, _, _)| *id == one.product_id);
            let (sold, held) = found.map_or((0, 0), |(_, sold, held)| (*sold, *held));
            if (i64::from(one.sold), i64::from(one.reserved)) != (sold, held) {
                let detail = format!("sold {} of {sold}, reserved {} of {held}", one.sold, one.reserved);
                findings.push(Finding::new("counter_differs", one.product_id.to_string(), detail));
            }
        }
    }
}

async fn exclusive_sales(tx: &mut Tx) -> Result<Vec<Finding>, DatabaseError> {
    let (mut findings, mut after) = (Vec::new(), None);
    loop {
        let lineages = queries::exclusive_sales_after(tx, after, PAGE).await?;
        let Some(last) = lineages.last() else { return Ok(findings) };
        after = Some(*last);
        let closed = sold_exclusively(tx, &lineages).await?;
        let open = lineages.iter().filter(|id| !closed.contains(id));
        findings
            .extend(open.map(|id| Finding::new("exclusive_sale_leaves_lineage_open", id.to_string(), "not closed")));
    }
}
