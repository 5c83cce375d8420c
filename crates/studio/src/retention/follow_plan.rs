//! Applies a change of plan to what was made: a longer retention at once, a shorter one after a notice.

use credits::{PlanChanged, plans};
use kernel::UserId;
use platform::Tx;
use platform::jobs::{JobError, JobRun};
use serde_json::json;
use time::OffsetDateTime;

use super::model::NOTICE_PERIOD;
use super::notify;
use super::queries::{self, NewNotice};

/// Pictures in one transaction: a few tens of milliseconds.
const BATCH: i64 = 2_000;

/// The retention that an account's pictures are to have.
#[derive(Clone, Copy, Debug)]
struct Rule {
    user_id: UserId,
    /// Days that the current plan keeps; `None` is for ever.
    days: Option<i32>,
    /// When the notice of a shorter retention ends.
    shortens_at: Option<OffsetDateTime>,
}

/// How expiries are moved.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// They are kept for as long as the plan says, if that is longer.
    Extend,
    /// They are kept for so many days only, and until then at least.
    Shorten { days: i32, not_before: OffsetDateTime },
}

/// Follows the account's current plan, which may be later than the one of this event. Interrupted at any step, the next
/// attempt finds the notice and continues.
pub(super) async fn follow_plan(run: JobRun<PlanChanged>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let rule = decide(&run, &mut tx).await?;
    tx.commit().await?;
    let Some(rule) = rule else { return Ok(()) };
    let extended = in_batches(&run, rule, Change::Extend).await?;
    let shortened = match rule.days.zip(rule.shortens_at) {
        Some((days, not_before)) => in_batches(&run, rule, Change::Shorten { days, not_before }).await?,
        None => 0,
    };
    if extended + shortened > 0 {
        tracing::info!(user = %rule.user_id, days = rule.days, extended, shortened, "expiries were moved to the current plan");
    }
    let mut tx = run.begin().await?;
    run.finish(&mut tx, &json!({"extended": extended, "shortened": shortened})).await?;
    tx.commit().await?;
    Ok(())
}

/// Reads the current plan, withdraws the notices that it makes void, and notifies the account of what it shortens. `None`
/// for an account that was deleted.
async fn decide(run: &JobRun<PlanChanged>, tx: &mut Tx) -> Result<Option<Rule>, JobError> {
    let (user_id, now) = (run.job.user_id, run.ctx.now());
    queries::lock_owner(tx, user_id).await?;
    let Some(&days) = plans::history_days(tx, &[user_id]).await?.get(&user_id) else { return Ok(None) };
    let plan = plans::plan_of(tx, user_id).await?.plan;
    queries::withdraw_notices(tx, user_id, plan.code.as_str(), days, now).await?;
    let Some(fewer) = days else { return Ok(Some(Rule { user_id, days, shortens_at: None })) };
    let open = queries::open_notices(tx, user_id, now).await?;
    if let Some(given) = open.iter().rev().find(|notice| notice.history_days == fewer) {
        return Ok(Some(Rule { user_id, days, shortens_at: Some(given.takes_effect_at) }));
    }
    let takes_effect_at = now + NOTICE_PERIOD;
    let affected = queries::affected(tx, user_id, fewer, takes_effect_at).await?;
    if affected.all > 0 {
        let before = match run.job.kept_before {
            Some(before) => before.days,
            None => plans::find(tx, &run.job.from).await?.and_then(|plan| plan.history_days),
        };
        let notice = NewNotice {
            id: run.ctx.random().uuid_v4(),
            user_id,
            plan: plan.code.as_str(),
            days_before: before,
            days: fewer,
            pictures: affected.all,
            takes_effect_at,
            now,
        };
        queries::insert_notice(tx, &notice).await?;
        notify::notify(run, tx, &plan, &notice, affected.at_once).await?;
    }
    Ok(Some(Rule { user_id, days, shortens_at: Some(takes_effect_at) }))
}

/// Repeats a change in transactions of its own until it changes nothing, or the plan has changed again: the event of that
/// is queued already.
async fn in_batches(run: &JobRun<PlanChanged>, rule: Rule, change: Change) -> Result<u64, JobError> {
    let mut changed = 0;
    loop {
        let mut tx = run.begin().await?;
        queries::lock_owner(&mut tx, rule.user_id).await?;
        if plans::history_days(&mut tx, &[rule.user_id]).await?.get(&rule.user_id) != Some(&rule.days) {
            return Ok(changed);
        }
        let more = match change {
            Change::Extend => queries::extend(&mut tx, rule.user_id, rule.days, BATCH).await?,
            Change::Shorten { days, not_before } => {
                queries::shorten(&mut tx, rule.user_id, days, not_before, BATCH).await?
            }
        };
        tx.commit().await?;
        changed += more;
        if more == 0 {
            return Ok(changed);
        }
    }
}
