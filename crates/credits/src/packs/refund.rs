//! A pack goes back: what is unspent of it is taken out of the wallet, and its money returned.

use kernel::{Ctx, Yen};
use payments::RefundNotice;
use payments::refunds::{RefundExtent, RefundReason, RefundRequest};
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::{PackPurchase, PackState};
use super::queries;
use crate::billing_error::BillingError;
use crate::ids::PackPurchaseId;
use crate::lots;
use crate::state::Billing;

/// Money of a pack went back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackRefunded(pub RefundNotice);

impl Job for PackRefunded {
    const NAME: &'static str = "credits.pack_refunded";
    const MAX_ATTEMPTS: i32 = 40;
}

impl From<RefundNotice> for PackRefunded {
    fn from(notice: RefundNotice) -> Self {
        Self(notice)
    }
}

/// Takes back what is unspent of a pack and has its money returned, in the caller's transaction (of the platform). Returns
/// how much goes back. Doing it again changes nothing.
///
/// # Errors
/// [`BillingError::PurchaseNotFound`] for a pack that was never paid, [`BillingError::NothingLeft`] when all of it is spent.
pub async fn refund(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    id: PackPurchaseId,
    reason: RefundReason,
) -> Result<Yen, BillingError> {
    let purchase = queries::lock(tx, id).await?.ok_or(BillingError::PurchaseNotFound)?;
    let (Some(payment_id), PackState::Paid | PackState::Refunded) = (purchase.payment_id, purchase.state) else {
        return Err(BillingError::PurchaseNotFound);
    };
    let taken = lots::take_back(ctx, tx, &PackPurchase::lot_key(payment_id), reason.as_str()).await?;
    if taken.yen_unspent <= Yen::ZERO {
        return Err(BillingError::NothingLeft);
    }
    let extent = RefundExtent::Amount(taken.yen_unspent);
    // The same unspent part is given back once.
    let key = format!("unspent:{}", taken.yen_unspent.get());
    let request = RefundRequest { payment_id, reason, extent, key };
    billing.payments().request_refund(ctx, tx, &request).await?;
    queries::set_state(ctx, tx, id, PackState::Refunded, None).await?;
    Ok(taken.yen_unspent)
}

/// Follows money that went back, also when it was given back at the provider's own console: the same part of the tokens goes
/// back, as far as they are unspent.
pub(super) async fn on_refunded(_: Billing, run: JobRun<PackRefunded>) -> Result<(), JobError> {
    let (ctx, mut tx) = (&run.ctx, run.begin().await?);
    let known = queries::lock(&mut tx, PackPurchaseId(run.job.0.payment.reference_id)).await?;
    if let Some(purchase) = known.filter(|purchase| matches!(purchase.state, PackState::Paid | PackState::Refunded)) {
        let reason = RefundReason::MadeAtProvider.as_str();
        if lots::follow_refunds(ctx, &mut tx, run.job.0.payment.payment_id, reason).await?.is_whole {
            queries::set_state(ctx, &mut tx, purchase.id, PackState::Refunded, None).await?;
        }
    }
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}
