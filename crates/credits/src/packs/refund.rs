//! A pack goes back: what is unspent of it is taken out of the wallet, and its money returned.

use kernel::{Ctx, Yen};
use payments::PaymentNotice;
use payments::refunds::{RefundExtent, RefundReason, RefundRequest};
use platform::Tx;
use platform::jobs::{Job, JobFault, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::{PackPurchase, PackState};
use super::queries;
use crate::{Billing, BillingFault, CreditError, PackPurchaseId, lots};

/// Money of a pack went back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackRefunded(pub PaymentNotice);

impl Job for PackRefunded {
    const NAME: &'static str = "credits.pack_refunded";
    const MAX_ATTEMPTS: i32 = 40;
}

impl From<PaymentNotice> for PackRefunded {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

/// Takes back what is unspent of a pack and has its money returned, in the caller's transaction (of the house). Returns
/// how much goes back. Doing it again changes nothing.
///
/// # Errors
/// [`BillingFault::PurchaseNotFound`] for a pack that was never paid, [`BillingFault::NothingLeft`] when all of it is spent.
pub async fn refund(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    id: PackPurchaseId,
    reason: RefundReason,
) -> Result<Yen, BillingFault> {
    let purchase = queries::lock(tx, id).await?.ok_or(BillingFault::PurchaseNotFound)?;
    let (Some(payment_id), PackState::Paid | PackState::Refunded) = (purchase.payment_id, purchase.state) else {
        return Err(BillingFault::PurchaseNotFound);
    };
    let taken = lots::take_back(ctx, tx, &PackPurchase::lot_key(payment_id), reason.as_str()).await?;
    if taken.yen_unspent <= Yen::ZERO {
        return Err(BillingFault::NothingLeft);
    }
    let request = RefundRequest { payment_id, reason, extent: RefundExtent::Amount(taken.yen_unspent) };
    billing.payments().request_refund(ctx, tx, &request).await?;
    queries::set_state(ctx, tx, id, PackState::Refunded, None).await?;
    Ok(taken.yen_unspent)
}

/// Follows money that went back, also when it was given back at the provider's own console.
pub(super) async fn on_refunded(_: Billing, run: JobRun<PackRefunded>) -> Result<(), JobFault> {
    let (ctx, mut tx) = (&run.ctx, run.begin().await?);
    let known = queries::lock(&mut tx, PackPurchaseId(run.job.0.reference_id)).await?;
    if let Some(purchase) = known.filter(|purchase| purchase.state == PackState::Paid) {
        let lot_key = PackPurchase::lot_key(run.job.0.payment_id);
        match lots::take_back(ctx, &mut tx, &lot_key, RefundReason::MadeAtProvider.as_str()).await {
            Ok(_) | Err(CreditError::NoLot) => {}
            Err(error) => return Err(error.into()),
        }
        queries::set_state(ctx, &mut tx, purchase.id, PackState::Refunded, None).await?;
    }
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}
