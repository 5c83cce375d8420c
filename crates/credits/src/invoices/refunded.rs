//! Money of an invoice went back: the same part of what it gave is taken back, as far as it is unspent. When all of it went
//! back, nothing more is given; else each month still to come is given less that part.

use payments::RefundNotice;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::queries::{self, Which};
use crate::ids::SubscriptionInvoiceId;
use crate::lots;
use crate::state::Billing;

/// Some or all of an invoice's money went back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvoiceRefunded(pub RefundNotice);

impl Job for InvoiceRefunded {
    const NAME: &'static str = "credits.invoice_refunded";
    const MAX_ATTEMPTS: i32 = 40;
}

impl From<RefundNotice> for InvoiceRefunded {
    fn from(notice: RefundNotice) -> Self {
        Self(notice)
    }
}

/// Follows a refund that has succeeded. What the ledger says of the whole payment decides, so that news may come twice and in
/// any order.
pub(crate) async fn on_refunded(_: Billing, run: JobRun<InvoiceRefunded>) -> Result<(), JobError> {
    let (ctx, notice) = (&run.ctx, &run.job.0);
    let mut tx = run.begin().await?;
    let known = queries::lock(&mut tx, Which::Id(SubscriptionInvoiceId(notice.payment.reference_id))).await?;
    if let Some(invoice) = known
        && lots::follow_refunds(ctx, &mut tx, notice.payment.payment_id, "invoice_refunded").await?.is_whole
    {
        queries::mark_refunded(ctx, &mut tx, invoice.id).await?;
    }
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}
