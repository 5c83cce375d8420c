//! The job that makes a refund at the provider.

use kernel::RefundId;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::apply::apply;
use super::model::{Refund, RefundStatus};
use super::queries;
use crate::attempts::model::Attempt;
use crate::attempts::queries as attempts_table;
use crate::error::PaymentError;
use crate::payment::queries as payments_table;
use crate::providers::error::ProviderError;
use crate::providers::provider::Provider;
use crate::providers::request::RefundOrder;
use crate::providers::snapshot::RefundSnapshot;
use crate::reconciliation::findings;
use crate::state::Payments;

/// Make this refund, or look how it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueRefund {
    /// The refund.
    pub(crate) refund_id: RefundId,
}

impl Job for IssueRefund {
    const NAME: &'static str = "payments.issue_refund";
    const MAX_ATTEMPTS: i32 = 12;
}

/// Counts the attempt, asks the provider, records what it said.
pub(crate) async fn issue(payments: Payments, run: JobRun<IssueRefund>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let id = run.job.refund_id;
    let payment_id =
        queries::payment_of(&mut tx, id).await?.ok_or_else(|| JobError::give_up(PaymentError::NotFound))?;
    payments_table::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let captured = attempts_table::captured_of(&mut tx, payment_id).await?.ok_or(PaymentError::NotCaptured)?;
    let refund = queries::lock(&mut tx, id).await?.ok_or(PaymentError::NotFound)?;
    if refund.status.is_final() {
        return Ok(());
    }
    queries::count_attempt(&run.ctx, &mut tx, id, refund.next_check_at(run.ctx.now())).await?;
    tx.commit().await?;

    let provider = payments.provider(captured.provider)?;
    match ask(&provider, &captured, &refund).await {
        Ok(snapshot) => {
            let mut tx = run.begin().await?;
            apply(&payments, &run.ctx, &mut tx, captured.provider, id, &snapshot).await?;
            run.finish(&mut tx, &json!({})).await?;
            tx.commit().await?;
            Ok(())
        }
        Err(error) => refused(&payments, &run, &refund, error).await,
    }
}

/// The first attempt makes the refund; every later one looks first, for the call before may have had its effect.
async fn ask(provider: &Provider, captured: &Attempt, refund: &Refund) -> Result<RefundSnapshot, ProviderError> {
    let txn_id = captured.txn_id.clone().ok_or(ProviderError::Missing)?;
    if refund.attempts > 0
        && let Some(found) = provider.find_refund(&txn_id, refund.id).await?
    {
        return Ok(found);
    }
    let order = RefundOrder {
        idempotency_key: refund.idempotency_key.clone(),
        refund_id: refund.id,
        txn_id,
        amount: refund.amount,
        reason: refund.reason.at_provider(),
    };
    provider.refund(&order).await
}

async fn refused(
    payments: &Payments,
    run: &JobRun<IssueRefund>,
    refund: &Refund,
    error: ProviderError,
) -> Result<(), JobError> {
    let code = error.code().to_owned();
    match error {
        ProviderError::NeedsFreshKey(_) => {
            let mut tx = run.begin().await?;
            queries::renew_key(&run.ctx, &mut tx, refund.id, refund.generation + 1).await?;
            tx.commit().await?;
            Err(PaymentError::ProviderUnavailable(code).into())
        }
        ProviderError::Declined(_) | ProviderError::Refused(_) | ProviderError::Missing => {
            let mut tx = run.begin().await?;
            queries::settle(&run.ctx, &mut tx, refund.id, RefundStatus::Failed, None, Some(&code), None).await?;
            let detail = json!({"payment": refund.payment_id, "amountYen": refund.amount, "code": code});
            findings::record(payments.app(), &run.ctx, &mut tx, "refund_failed", &refund.id.to_string(), &detail)
                .await?;
            run.fail(&mut tx, &json!({}), &code).await?;
            tx.commit().await?;
            Ok(())
        }
        ProviderError::Unavailable(_) | ProviderError::Misconfigured(_) => {
            Err(PaymentError::ProviderUnavailable(code).into())
        }
    }
}
