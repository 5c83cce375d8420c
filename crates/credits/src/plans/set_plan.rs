//! Puts a person on a plan.

use kernel::{Ctx, UserId};
use platform::Tx;
use platform::jobs::enqueue;

use super::model::{PlanChanged, PlanCode, Standing};
use super::queries;
use crate::error::CreditError;

/// Puts a person on a plan, or changes how they stand with it. Another plan is told as [`PlanChanged`].
///
/// # Errors
/// [`CreditError::NoPlan`], [`CreditError::NoWallet`].
pub async fn set_plan(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    plan: &PlanCode,
    standing: Standing,
) -> Result<(), CreditError> {
    let from = queries::set_plan(tx, user_id, plan, standing, ctx.now()).await?;
    if from != *plan {
        enqueue(ctx, tx, &PlanChanged { user_id, from, to: plan.clone(), kept_before: None }).await?;
    }
    Ok(())
}
