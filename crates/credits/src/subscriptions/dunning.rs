//! Dunning: what an unpaid subscription means for its owner, first grace, then read-only, then the free plan.

use identity::users;
use kernel::Ctx;
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::emails;
use super::model::{GRACE, READ_ONLY, Status, Subscription};
use super::queries::{self, Which};
use crate::invoices::queries as invoices;
use crate::plans::model::{DunningState, PlanCode};
use crate::plans::set_plan;
use crate::state::Billing;
use crate::subscriptions::at_provider::end_at_provider;
use ui::dates::day;

/// Subscriptions moved in one transaction.
const BATCH: i64 = 50;

/// Move on what is unpaid: grace ends, read-only ends.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MoveDunningStates {}

impl Job for MoveDunningStates {
    const NAME: &'static str = "credits.move_dunning_states";
}

/// Goes on until nothing is due. Safe to kill: each batch is a transaction.
pub(super) async fn move_due(billing: Billing, run: JobRun<MoveDunningStates>) -> Result<(), JobError> {
    loop {
        let mut tx = run.begin().await?;
        let due = queries::dunning_due(&mut tx, run.ctx.now(), BATCH).await?;
        for id in &due {
            if let Some(mut subscription) = queries::lock(&mut tx, Which::Id(*id)).await? {
                settle(&billing, &run.ctx, &mut tx, &mut subscription).await?;
            }
        }
        let is_done = i64::try_from(due.len()).unwrap_or(BATCH) < BATCH;
        if is_done {
            run.finish(&mut tx, &json!({"subscriptions": due.len()})).await?;
        }
        tx.commit().await?;
        if is_done {
            return Ok(());
        }
    }
}

/// Puts the owner on the plan that follows from the status of the subscription, saves it and mails the owner. The caller
/// holds the row lock.
pub(super) async fn settle(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &mut Subscription,
) -> anyhow::Result<()> {
    let now = ctx.now();
    let mut due_at = None;
    match subscription.status {
        Status::GivenBack => {}
        Status::Active => {
            if subscription.past_due_since.take().is_some() {
                notify(billing, ctx, tx, subscription, "recovered").await?;
            }
            put_on_plan(ctx, tx, subscription, DunningState::Active).await?;
        }
        Status::PastDue => {
            let since = *subscription.past_due_since.get_or_insert(now);
            let (grace_ends, ends) = (since + GRACE, since + GRACE + READ_ONLY);
            if now < grace_ends {
                due_at = Some(grace_ends);
                put_on_plan(ctx, tx, subscription, DunningState::Grace { until: grace_ends }).await?;
                notify(billing, ctx, tx, subscription, "past-due").await?;
            } else if now < ends {
                due_at = Some(ends);
                put_on_plan(ctx, tx, subscription, DunningState::ReadOnly { until: ends }).await?;
                notify(billing, ctx, tx, subscription, "read-only").await?;
            } else {
                subscription.status = Status::Ended;
            }
        }
        Status::Ended => {}
    }
    if subscription.status == Status::Ended {
        subscription.past_due_since = None;
        end(billing, ctx, tx, subscription).await?;
    }
    queries::save(ctx, tx, subscription, due_at).await?;
    Ok(())
}

async fn end(billing: &Billing, ctx: &Ctx, tx: &mut Tx, subscription: &mut Subscription) -> anyhow::Result<()> {
    // When the end came from us, or an invoice could still be paid, it has to be ended at the provider too.
    if subscription.ended_at.is_none() || invoices::has_open(tx, subscription.id).await? {
        end_at_provider(ctx, tx, subscription).await?;
    }
    subscription.ended_at.get_or_insert(ctx.now());
    let Some(user_id) = subscription.user_id else { return Ok(()) };
    let other = queries::live_of(tx, user_id).await?.filter(|other| other.id != subscription.id);
    if other.is_none() {
        set_plan(ctx, tx, user_id, &PlanCode::free(), DunningState::Active).await?;
        notify(billing, ctx, tx, subscription, "ended").await?;
    }
    Ok(())
}

async fn put_on_plan(ctx: &Ctx, tx: &mut Tx, subscription: &Subscription, dunning: DunningState) -> anyhow::Result<()> {
    if let Some(user_id) = subscription.user_id {
        set_plan(ctx, tx, user_id, &subscription.plan, dunning).await?;
    }
    Ok(())
}

/// Mails the owner, once for each occasion.
async fn notify(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &Subscription,
    key: &str,
) -> anyhow::Result<()> {
    let Some(user_id) = subscription.user_id else { return Ok(()) };
    let Some(account) = users::account(tx, user_id).await? else { return Ok(()) };
    let since = subscription.past_due_since.unwrap_or(ctx.now());
    let occasion = match key {
        "ended" => format!("subscription-ended/{}", subscription.id),
        "recovered" => format!("subscription-recovered/{}/{}", subscription.id, ctx.now().unix_timestamp()),
        key => format!("subscription-{key}/{}/{}", subscription.id, since.unix_timestamp()),
    };
    let args = emails::plan_arg(tx, subscription, &account).await?;
    let day = |at| day(account.locale(), at);
    let args = args.arg("grace", day(since + GRACE)).arg("end", day(since + GRACE + READ_ONLY));
    emails::post_to(billing.app(), ctx, tx, &account, occasion, key, args).await?;
    Ok(())
}
