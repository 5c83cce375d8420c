//! The present terms of a plan reach who is on it.

use kernel::{Ctx, UserId};
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun, Registry, enqueue};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::{KeptBefore, PlanChanged, PlanCode};
use super::queries;
use crate::error::CreditError;

/// People renewed in one transaction.
const BATCH: i64 = 50;

/// Give everybody on the free plan its present terms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenewFreeTerms {}

impl Job for RenewFreeTerms {
    const NAME: &'static str = "credits.renew_free_terms";
}

pub(crate) fn registry() -> Registry {
    Registry::new().on(renew_free)
}

/// Gives somebody the present terms of the plan that they are on: with a renewal, which is when an edit of the plan reaches
/// them. Nothing where they are on another plan. Where things are kept for another time, it is told as [`PlanChanged`].
///
/// # Errors
/// [`CreditError::NoWallet`].
pub async fn renew_terms(ctx: &Ctx, tx: &mut Tx, user_id: UserId, plan: &PlanCode) -> Result<(), CreditError> {
    if let Some(days) = queries::renew_terms(tx, user_id, plan, ctx.now()).await? {
        let event =
            PlanChanged { user_id, from: plan.clone(), to: plan.clone(), kept_before: Some(KeptBefore { days }) };
        enqueue(ctx, tx, &event).await?;
    }
    Ok(())
}

/// Goes on until nobody is left. Safe to kill: each batch is a transaction.
async fn renew_free(run: JobRun<RenewFreeTerms>) -> Result<(), JobError> {
    let free = PlanCode::free();
    let mut renewed = 0;
    loop {
        let mut tx = run.begin().await?;
        let people = queries::on_other_terms(&mut tx, &free, BATCH).await?;
        for user_id in &people {
            renew_terms(&run.ctx, &mut tx, *user_id, &free).await?;
        }
        renewed += people.len();
        if people.is_empty() {
            run.finish(&mut tx, &json!({"people": renewed})).await?;
        }
        tx.commit().await?;
        if people.is_empty() {
            return Ok(());
        }
    }
}
