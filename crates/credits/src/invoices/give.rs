//! Gives what an invoice pays for, month by month.

use kernel::{Ctx, ImageCredits, Tokens};
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::grants::{TOKENS_LAST, split};
use super::model::{Invoice, Reason};
use super::queries::{self, Which};
use crate::error::CreditError;
use crate::lots;
use crate::lots::model::{Amount, LotSource, NewLot};
use crate::state::Billing;

/// Invoices looked at in one transaction.
const BATCH: i64 = 50;

/// Give what the months that have begun bring.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct GrantMonths {}

impl Job for GrantMonths {
    const NAME: &'static str = "credits.grant_months";
}

/// Goes on until nothing is due. Safe to kill: each batch is a transaction.
pub(crate) async fn grant_due(_: Billing, run: JobRun<GrantMonths>) -> Result<(), JobError> {
    loop {
        let mut tx = run.begin().await?;
        let due = queries::due(&mut tx, run.ctx.now(), BATCH).await?;
        for id in &due {
            if let Some(mut invoice) = queries::lock(&mut tx, Which::Id(*id)).await? {
                give(&run.ctx, &mut tx, &mut invoice).await?;
                queries::save(&run.ctx, &mut tx, &invoice, None).await?;
            }
        }
        let is_done = i64::try_from(due.len()).unwrap_or(BATCH) < BATCH;
        if is_done {
            run.finish(&mut tx, &json!({"invoices": due.len()})).await?;
        }
        tx.commit().await?;
        if is_done {
            return Ok(());
        }
    }
}

/// Gives every month that has begun; the first at once. The caller holds the invoice and writes it back.
pub(super) async fn give(ctx: &Ctx, tx: &mut Tx, invoice: &mut Invoice) -> Result<(), CreditError> {
    while invoice.next_grant_at().is_some_and(|at| invoice.months_granted == 0 || at <= ctx.now()) {
        give_month(ctx, tx, invoice, invoice.months_granted).await?;
        invoice.months_granted += 1;
    }
    Ok(())
}

async fn give_month(ctx: &Ctx, tx: &mut Tx, invoice: &Invoice, number: i32) -> Result<(), CreditError> {
    let Some(user_id) = invoice.user_id else { return Ok(()) };
    let (tokens, images) = invoice.given.in_month(number);
    let paid = invoice.given.paid_in_month(invoice.amount, number, invoice.image_price);
    let (for_tokens, for_images) = split(paid, tokens, images, invoice.image_price);
    let plan = invoice.plan.as_ref().map(crate::plans::model::PlanCode::as_str);
    let lot = |amount, business_key, paid, expires_at| NewLot {
        user_id,
        amount,
        source: LotSource::PlanGrant,
        business_key,
        paid,
        payment_id: invoice.payment_id,
        expires_at: Some(expires_at),
        detail: json!({"plan": plan, "invoice": invoice.provider_invoice_id, "month": number + 1}),
    };
    if tokens > Tokens::ZERO {
        let key = invoice.tokens_key(number);
        lots::grant(ctx, tx, &lot(Amount::Tokens(tokens), key, for_tokens, ctx.now() + TOKENS_LAST)).await?;
    }
    if images > ImageCredits::ZERO {
        let ends = invoice.month(number).1.min(ctx.now() + TOKENS_LAST);
        lots::grant(ctx, tx, &lot(Amount::Images(images), invoice.grant_key(number), for_images, ends)).await?;
    }
    // What went back of the payment before this month began takes its part of it.
    if let (Some(payment_id), 1..) = (invoice.payment_id, number) {
        lots::follow_refunds(ctx, tx, payment_id, "invoice_refunded").await?;
    }
    // With a new period the image credits of the last one end, unless the news of it came late.
    if number == 0 && invoice.reason == Reason::Cycle && !queries::is_followed(tx, invoice).await? {
        lots::end_plan_lots(ctx, tx, user_id, &invoice.grant_key(0)).await?;
    }
    Ok(())
}
