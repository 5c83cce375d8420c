//! The money of an invoice went back: what it gave is taken back as far as it is unspent, and nothing more is given.

use kernel::Ctx;
use payments::PaymentNotice;
use platform::Tx;
use platform::jobs::{Job, JobFault, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::Invoice;
use super::queries::{self, Which};
use crate::{Billing, CreditError, SubscriptionInvoiceId, lots};

/// Some or all of an invoice's money went back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvoiceRefunded(pub PaymentNotice);

impl Job for InvoiceRefunded {
    const NAME: &'static str = "credits.invoice_refunded";
    const MAX_ATTEMPTS: i32 = 40;
}

impl From<PaymentNotice> for InvoiceRefunded {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

/// Follows a refund that has succeeded. A part of the money is a matter between an operator and the customer; only when
/// all of it went back, the credits do too.
pub(crate) async fn on_refunded(_: Billing, run: JobRun<InvoiceRefunded>) -> Result<(), JobFault> {
    let (ctx, notice) = (&run.ctx, &run.job.0);
    let mut tx = run.begin().await?;
    let known = queries::lock(&mut tx, Which::Id(SubscriptionInvoiceId(notice.reference_id))).await?;
    if let Some(invoice) = known.filter(|_| notice.refunded_yen == notice.amount_yen) {
        take_back_given(ctx, &mut tx, &invoice).await?;
        queries::mark_refunded(ctx, &mut tx, invoice.id).await?;
    }
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes back what is unspent of what an invoice gave.
pub(crate) async fn take_back_given(ctx: &Ctx, tx: &mut Tx, invoice: &Invoice) -> Result<(), CreditError> {
    for number in 0..invoice.months_granted {
        for key in [invoice.grant_key(number), invoice.tokens_key(number)] {
            match lots::take_back(ctx, tx, &key, "invoice_refunded").await {
                Ok(_) | Err(CreditError::NoLot) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
