//! What a change of plan means for what was made: more is kept at once, less is said first.

use credits::PlanChanged;
use credits::plans;
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

/// What is to be done with somebody's pictures.
#[derive(Clone, Copy, Debug)]
struct Rule {
    user_id: UserId,
    /// How many days the plan of now keeps; nothing is for ever.
    days: Option<i32>,
    /// When a notice ends that was given because that is less.
    shortens_at: Option<OffsetDateTime>,
}

/// What is done to the time of pictures.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// They are kept for as long as the plan says, if that is longer.
    Extend,
    /// They are kept for so many days only, and until then at least.
    Shorten { days: i32, not_before: OffsetDateTime },
}

/// Follows the plan that the person is on now, which may be a later one than the news is of. Killed at any step, the next
/// attempt finds the notice and goes on.
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
        tracing::info!(user = %rule.user_id, days = rule.days, extended, shortened, "another plan keeps for another time");
    }
    let mut tx = run.begin().await?;
    run.finish(&mut tx, &json!({"extended": extended, "shortened": shortened})).await?;
    tx.commit().await?;
    Ok(())
}

/// Reads the plan of now, withdraws what it makes void, and tells the person what it takes away. Nothing for somebody who
/// is gone.
async fn decide(run: &JobRun<PlanChanged>, tx: &mut Tx) -> Result<Option<Rule>, JobError> {
    let (user_id, now) = (run.job.user_id, run.ctx.now());
    if !queries::lock_owner(tx, user_id).await? {
        return Ok(None);
    }
    let plan = plans::plan_of(tx, user_id).await?.plan;
    let days = queries::history_days(tx, user_id).await?;
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
        notify::tell(run, tx, &plan, &notice, affected.at_once).await?;
    }
    Ok(Some(Rule { user_id, days, shortens_at: Some(takes_effect_at) }))
}

/// Repeats a change in transactions of its own until it changes nothing, or the plan is another one: then the news of
/// that is on its way.
async fn in_batches(run: &JobRun<PlanChanged>, rule: Rule, change: Change) -> Result<u64, JobError> {
    let mut changed = 0;
    loop {
        let mut tx = run.begin().await?;
        queries::lock_owner(&mut tx, rule.user_id).await?;
        if queries::history_days(&mut tx, rule.user_id).await? != rule.days {
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
