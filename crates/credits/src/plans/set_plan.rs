//! Puts a person on a plan.

use kernel::{Ctx, UserId};
use platform::Tx;
use platform::jobs::enqueue;

use super::model::{DunningState, PlanChanged, PlanCode};
use super::queries;
use crate::error::CreditError;

/// Puts a user on a plan, or changes the dunning state of the plan. A change of plan is announced as [`PlanChanged`].
///
/// # Errors
/// [`CreditError::NoPlan`], [`CreditError::NoWallet`].
pub async fn set_plan(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    plan: &PlanCode,
    dunning: DunningState,
) -> Result<(), CreditError> {
    let from = queries::set_plan(tx, user_id, plan, dunning, ctx.now()).await?;
    if from != *plan {
        enqueue(ctx, tx, &PlanChanged { user_id, from, to: plan.clone(), kept_before: None }).await?;
    }
    Ok(())
}
