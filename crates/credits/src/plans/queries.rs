//! The SQL of plans.

use std::collections::HashMap;

use kernel::{ImageCredits, Tokens, UserId, Yen};
use platform::{DatabaseError, Tx};
use serde_json::json;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::model::{DunningState, InBoth, Pack, Plan, PlanCode, PlanEdit, UserPlan};
use crate::error::CreditError;

struct PlanRow {
    code: PlanCode,
    name: Json<InBoth<String>>,
    benefits: Json<InBoth<Vec<String>>>,
    price_month: Yen,
    price_year: Yen,
    tokens_month: Tokens,
    image_credits_month: ImageCredits,
    image_credits_once: ImageCredits,
    history_days: Option<i32>,
    page_limit: i32,
    is_offered: bool,
}

impl From<PlanRow> for Plan {
    fn from(row: PlanRow) -> Self {
        Self {
            code: row.code,
            name: row.name.0,
            benefits: row.benefits.0,
            price_month: row.price_month,
            price_year: row.price_year,
            tokens_month: row.tokens_month,
            image_credits_month: row.image_credits_month,
            image_credits_once: row.image_credits_once,
            history_days: row.history_days,
            page_limit: row.page_limit,
            is_offered: row.is_offered,
        }
    }
}

/// Every plan that the asker may see, offered or not, in the order of the ladder.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Plan>, CreditError> {
    let rows = sqlx::query_as!(
        PlanRow,
        r#"select code as "code: PlanCode", name as "name: Json<InBoth<String>>",
                  benefits as "benefits: Json<InBoth<Vec<String>>>", price_month_yen as "price_month: Yen",
                  price_year_yen as "price_year: Yen", tokens_month_milli as "tokens_month: Tokens",
                  image_credits_month as "image_credits_month: ImageCredits",
                  image_credits_once as "image_credits_once: ImageCredits", history_days, page_limit, is_offered
             from public.subscription_plans order by position, code"#,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Plan::from).collect())
}

/// The plans that can be begun, in the order of the ladder.
///
/// # Errors
/// When the database fails.
pub async fn offered(tx: &mut Tx) -> Result<Vec<Plan>, CreditError> {
    Ok(all(tx).await?.into_iter().filter(|plan| plan.is_offered).collect())
}

/// A plan by its code.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, code: &PlanCode) -> Result<Option<Plan>, CreditError> {
    Ok(all(tx).await?.into_iter().find(|plan| plan.code == *code))
}

/// The plan that a person is on; under row level security the own one only.
///
/// # Errors
/// [`CreditError::NoWallet`] for somebody without settings.
pub async fn plan_of(tx: &mut Tx, user_id: UserId) -> Result<UserPlan, CreditError> {
    let settings = sqlx::query!(
        r#"select plan as "plan: PlanCode", dunning_state, dunning_until from public.user_settings where user_id = $1"#,
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await?
    .ok_or(CreditError::NoWallet)?;
    let plan = find(tx, &settings.plan).await?.ok_or(CreditError::NoPlan)?;
    Ok(UserPlan { plan, dunning: DunningState::of(&settings.dunning_state, settings.dunning_until) })
}

/// How many days the history of each of these people is kept under their current terms; `None` is for ever. People
/// without settings are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn history_days(tx: &mut Tx, user_ids: &[UserId]) -> Result<HashMap<UserId, Option<i32>>, DatabaseError> {
    let ids: Vec<uuid::Uuid> = user_ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select user_id as "user_id: UserId", history_days from public.user_settings where user_id = any($1)"#,
        &ids,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.history_days)).collect())
}

/// The packs that can be bought.
///
/// # Errors
/// When the database fails.
pub async fn packs(tx: &mut Tx) -> Result<Vec<Pack>, CreditError> {
    Ok(sqlx::query_as!(
        Pack,
        r#"select id, tokens_milli as "tokens: Tokens", price_yen as "price: Yen", is_offered
             from public.credit_packs where is_offered order by position, id"#,
    )
    .fetch_all(tx.conn())
    .await?)
}

/// A pack, offered or not.
///
/// # Errors
/// When the database fails.
pub async fn pack(tx: &mut Tx, id: i32) -> Result<Option<Pack>, CreditError> {
    Ok(sqlx::query_as!(
        Pack,
        r#"select id, tokens_milli as "tokens: Tokens", price_yen as "price: Yen", is_offered
             from public.credit_packs where id = $1"#,
        id,
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// Returns the plan before.
pub(super) async fn set_plan(
    tx: &mut Tx,
    user_id: UserId,
    plan: &PlanCode,
    dunning: DunningState,
    now: OffsetDateTime,
) -> Result<PlanCode, CreditError> {
    Ok(sqlx::query_scalar!(
        r#"select app.credits_set_plan($1, $2, $3, $4, $5) as "before!: PlanCode""#,
        user_id as UserId,
        plan.as_str(),
        dunning.as_str(),
        dunning.until(),
        now,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Writes what a plan brings; says whether anything changed.
pub(super) async fn edit(tx: &mut Tx, edit: &PlanEdit) -> Result<bool, CreditError> {
    let benefits = json!({"ja": edit.benefits_ja, "en": edit.benefits_en});
    let done = sqlx::query!(
        r#"update public.subscription_plans
              set tokens_month_milli = $2, image_credits_month = $3, history_days = $4, page_limit = $5, benefits = $6
            where code = $1
              and (tokens_month_milli, image_credits_month, history_days, page_limit, benefits)
                  is distinct from ($2::bigint, $3::bigint, $4::integer, $5::integer, $6::jsonb)"#,
        edit.code.as_str(),
        edit.tokens_month as Tokens,
        edit.image_credits_month as ImageCredits,
        edit.history_days,
        edit.page_limit,
        benefits,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a person the present terms of the plan; how long things were kept before, where that is another time now.
pub(super) async fn renew_terms(
    tx: &mut Tx,
    user_id: UserId,
    plan: &PlanCode,
    now: OffsetDateTime,
) -> Result<Option<Option<i32>>, CreditError> {
    let row = sqlx::query!(
        r#"select history_days_before, is_kept_otherwise as "is_kept_otherwise!"
             from app.credits_renew_terms($1, $2, $3)"#,
        user_id as UserId,
        plan.as_str(),
        now,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.filter(|row| row.is_kept_otherwise).map(|row| row.history_days_before))
}

/// People on a plan who have other terms than it has now.
pub(super) async fn on_other_terms(tx: &mut Tx, plan: &PlanCode, limit: i64) -> Result<Vec<UserId>, CreditError> {
    Ok(sqlx::query_scalar!(
        r#"select s.user_id as "user_id: UserId"
             from public.user_settings as s join public.subscription_plans as p on p.code = s.plan
            where s.plan = $1 and (s.history_days is distinct from p.history_days or s.page_limit <> p.page_limit)
            order by s.user_id limit $2"#,
        plan.as_str(),
        limit,
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Who is on a plan, and how they pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnPlan {
    /// Everybody.
    pub people: i64,
    /// Whose next renewal comes within a month.
    pub monthly: i64,
    /// Whose next renewal comes within a year.
    pub yearly: i64,
}

/// Counts who is on a plan; for the platform.
///
/// # Errors
/// When the database fails.
pub async fn on_plan(tx: &mut Tx, plan: &PlanCode) -> Result<OnPlan, CreditError> {
    Ok(sqlx::query_as!(
        OnPlan,
        r#"select (select count(*) from public.user_settings as u where u.plan = $1) as "people!",
                  count(*) filter (where s.period = 'month') as "monthly!",
                  count(*) filter (where s.period = 'year') as "yearly!"
             from public.subscriptions as s where s.plan = $1 and s.status in ('active', 'past_due')"#,
        plan.as_str(),
    )
    .fetch_one(tx.conn())
    .await?)
}
