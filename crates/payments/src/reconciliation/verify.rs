//! The proof: what `machiya verify` asks of payments.

use std::collections::BTreeMap;

use kernel::{Ctx, Yen};
use ledger::Finding;
use ledger::reconciliation::{accounted_payments, payment_facts, refund_facts};
use platform::Tx;
use time::Duration;

use super::proof_queries as queries;
use crate::error::PaymentError;

/// Rows of one page of the comparison.
const PAGE: i64 = 500;
/// What has just happened may still be on its way through the queue.
const SETTLED_WITHIN: Duration = Duration::minutes(10);

/// Every captured payment is on the ledger with its amount, every refund, fee and dispute likewise, nothing is on the
/// ledger that was not paid, every event is handled, and no finding waits for an operator. An empty list is the proof.
///
/// # Errors
/// When the database fails.
pub async fn verify(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<Finding>, PaymentError> {
    let mut findings = Vec::new();
    compare_payments(ctx, tx, &mut findings).await?;
    compare_refunds(tx, &mut findings).await?;
    compare_ledger(tx, &mut findings).await?;
    let broken = queries::broken_rules(tx, ctx.now() - SETTLED_WITHIN).await?;
    findings.extend(broken.into_iter().map(|(code, subject, detail)| Finding::new(&code, subject, detail)));
    Ok(findings)
}

async fn compare_payments(ctx: &Ctx, tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<(), PaymentError> {
    let mut after = None;
    loop {
        let page = queries::paid_payments(tx, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        let ids: Vec<_> = page.iter().map(|payment| payment.id).collect();
        let facts = payment_facts(tx, &ids).await?;
        let facts: BTreeMap<_, _> = facts.into_iter().map(|facts| (facts.payment_id, facts)).collect();
        for payment in page {
            let known = facts.get(&payment.id);
            let mut find = |code: &str, detail: String| {
                findings.push(Finding::new(code, payment.id.to_string(), detail));
            };
            match known.and_then(|facts| facts.received) {
                None if payment.captured_at.is_some_and(|at| at < ctx.now() - SETTLED_WITHIN) => {
                    find("payment_not_on_ledger", "captured and neither sale nor receipt".to_owned());
                }
                Some(received) if received != payment.amount => {
                    let detail = format!("paid {}, on the ledger {}", payment.amount.get(), received.get());
                    find("ledger_differs_from_payment", detail);
                }
                _ => {}
            }
            let fee = known.map(|facts| facts.fee).unwrap_or_default();
            if payment.fee.is_some_and(|expected| expected != fee) {
                find("fee_differs_from_ledger", format!("on the ledger {}", fee.get()));
            }
            let disputed = known.map(|facts| facts.disputed).unwrap_or_default();
            if payment.held != disputed {
                let detail = format!("held {}, on the ledger {}", payment.held.get(), disputed.get());
                find("dispute_differs_from_ledger", detail);
            }
        }
    }
}

async fn compare_refunds(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<(), PaymentError> {
    let mut after = None;
    loop {
        let page = queries::succeeded_refunds(tx, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = Some(*last);
        let ids: Vec<_> = page.iter().map(|(id, _)| *id).collect();
        let posted: BTreeMap<_, Yen> = refund_facts(tx, &ids).await?.into_iter().collect();
        for (id, amount) in page {
            if posted.get(&id) != Some(&amount) {
                let detail = format!("refunded {}", amount.get());
                findings.push(Finding::new("ledger_differs_from_refund", id.to_string(), detail));
            }
        }
    }
}

async fn compare_ledger(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<(), PaymentError> {
    let mut after = None;
    loop {
        let page = accounted_payments(tx, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(*last);
        for id in queries::without_money(tx, &page).await? {
            findings.push(Finding::new("ledger_without_payment", id.to_string(), "a sale or receipt without money"));
        }
    }
}
