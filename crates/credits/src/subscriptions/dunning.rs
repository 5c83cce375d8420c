//! What a subscription's standing means for its owner: paid, grace, read-only, free.

use identity::users;
use kernel::Ctx;
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::emails::{self, day};
use super::model::{GRACE, READ_ONLY, Status, Subscription};
use super::queries::{self, Which};
use crate::invoices;
use crate::plans::model::{PlanCode, Standing};
use crate::plans::set_plan;
use crate::state::Billing;
use crate::subscriptions::at_provider::end_at_provider;

/// Subscriptions moved in one transaction.
const BATCH: i64 = 50;

/// Move on what is unpaid: grace ends, read-only ends.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MoveStandings {}

impl Job for MoveStandings {
    const NAME: &'static str = "credits.move_standings";
}

/// Goes on until nothing is due. Safe to kill: each batch is a transaction.
pub(super) async fn move_due(billing: Billing, run: JobRun<MoveStandings>) -> Result<(), JobError> {
    loop {
        let mut tx = run.begin().await?;
        let due = queries::standing_due(&mut tx, run.ctx.now(), BATCH).await?;
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

/// Draws the consequences of how a subscription stands, writes it back and tells its owner. The caller holds it.
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
                tell(billing, ctx, tx, subscription, "recovered").await?;
            }
            put_on_plan(ctx, tx, subscription, Standing::Active).await?;
        }
        Status::PastDue => {
            let since = *subscription.past_due_since.get_or_insert(now);
            let (grace_ends, ends) = (since + GRACE, since + GRACE + READ_ONLY);
            if now < grace_ends {
                due_at = Some(grace_ends);
                put_on_plan(ctx, tx, subscription, Standing::Grace { until: grace_ends }).await?;
                tell(billing, ctx, tx, subscription, "past-due").await?;
            } else if now < ends {
                due_at = Some(ends);
                put_on_plan(ctx, tx, subscription, Standing::ReadOnly { until: ends }).await?;
                tell(billing, ctx, tx, subscription, "read-only").await?;
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
    // Said by the provider, it is over there; said by us, or with an invoice that somebody could still pay, it is not.
    if subscription.ended_at.is_none() || invoices::queries::has_open(tx, subscription.id).await? {
        end_at_provider(ctx, tx, subscription).await?;
    }
    subscription.ended_at.get_or_insert(ctx.now());
    let Some(user_id) = subscription.user_id else { return Ok(()) };
    let other = queries::live_of(tx, user_id).await?.filter(|other| other.id != subscription.id);
    if other.is_none() {
        set_plan(ctx, tx, user_id, &PlanCode::free(), Standing::Active).await?;
        tell(billing, ctx, tx, subscription, "ended").await?;
    }
    Ok(())
}

async fn put_on_plan(ctx: &Ctx, tx: &mut Tx, subscription: &Subscription, standing: Standing) -> anyhow::Result<()> {
    if let Some(user_id) = subscription.user_id {
        set_plan(ctx, tx, user_id, &subscription.plan, standing).await?;
    }
    Ok(())
}

/// Tells the owner, once an occasion.
async fn tell(billing: &Billing, ctx: &Ctx, tx: &mut Tx, subscription: &Subscription, key: &str) -> anyhow::Result<()> {
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
