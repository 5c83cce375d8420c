//! The SQL of plans.

use kernel::{ImageCredits, Tokens, UserId, Yen};
use platform::Tx;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::model::{InBoth, Pack, Plan, PlanCode, PlanStanding, Standing};
use crate::CreditError;

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
pub async fn plan_of(tx: &mut Tx, user_id: UserId) -> Result<PlanStanding, CreditError> {
    let settings = sqlx::query!(
        r#"select plan as "plan: PlanCode", plan_standing, standing_until from public.user_settings where user_id = $1"#,
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await?
    .ok_or(CreditError::NoWallet)?;
    let plan = find(tx, &settings.plan).await?.ok_or(CreditError::NoPlan)?;
    Ok(PlanStanding { plan, standing: Standing::of(&settings.plan_standing, settings.standing_until) })
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
    standing: Standing,
    now: OffsetDateTime,
) -> Result<PlanCode, CreditError> {
    Ok(sqlx::query_scalar!(
        r#"select house.credits_set_plan($1, $2, $3, $4, $5) as "before!: PlanCode""#,
        user_id as UserId,
        plan.as_str(),
        standing.as_str(),
        standing.until(),
        now,
    )
    .fetch_one(tx.conn())
    .await?)
}
