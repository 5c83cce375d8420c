//! `GET /api/user/settings` and `GET /api/user/usage`.

use axum::extract::State;
use kernel::ImageCredits;
use platform::http::{Member, Query};
use platform::{App, Problem};
use serde::Serialize;
use serde_json::Number;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::model::{Asked, Period, Sum, Usage, day_text};
use super::queries;
use crate::plans::{self, PlanCode};
use crate::prices::Operation;
use crate::wallets::{self, tokens_as_number};

/// Plan, limits and balance of an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettingsBody {
    plan: PlanBody,
    /// How many days what was made is kept; without it, for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    history_days: Option<i32>,
    page_limit: i32,
    balance: BalanceBody,
    generations: GenerationsBody,
}

/// The plan of an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UsagePlan)]
#[serde(rename_all = "camelCase")]
struct PlanBody {
    code: PlanCode,
    name: String,
    /// `active`, `grace` or `read_only`.
    standing: &'static str,
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    standing_until: Option<OffsetDateTime>,
}

/// What is there, and what is reserved for work under way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UsageBalance)]
#[serde(rename_all = "camelCase")]
struct BalanceBody {
    #[schema(value_type = f64)]
    tokens: Number,
    #[schema(value_type = f64)]
    tokens_held: Number,
    image_credits: ImageCredits,
    image_credits_held: ImageCredits,
    /// The tokens in US cents, derived: 1,500 tokens are a dollar.
    balance_usd_cents: i64,
}

/// How much was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GenerationsBody {
    total: i64,
    this_month: i64,
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    last_at: Option<OffsetDateTime>,
}

/// What was used in a period.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsageBody {
    /// First day, in Tokyo.
    from: String,
    /// Last day, in Tokyo.
    to: String,
    total: SumBody,
    /// Days on which something was used.
    days: Vec<DayBody>,
    operations: Vec<OperationBody>,
    models: Vec<ModelBody>,
}

/// What was used, counted together.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SumBody {
    operations: i64,
    #[schema(value_type = f64)]
    tokens: Number,
    image_credits: ImageCredits,
}

/// What was used on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UsageDay)]
#[serde(rename_all = "camelCase")]
struct DayBody {
    date: String,
    #[serde(flatten)]
    sum: SumBody,
}

/// What was used for an operation.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OperationBody {
    operation: Operation,
    #[serde(flatten)]
    sum: SumBody,
}

/// What was used with a model.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UsageModel)]
#[serde(rename_all = "camelCase")]
struct ModelBody {
    provider: String,
    model: String,
    #[serde(flatten)]
    sum: SumBody,
}

impl From<&Sum> for SumBody {
    fn from(sum: &Sum) -> Self {
        Self { operations: sum.operations, tokens: tokens_as_number(sum.tokens), image_credits: sum.image_credits }
    }
}

/// Plan, limits and balance.
#[utoipa::path(get, path = "/api/user/settings", tag = "credits", responses((status = 200, body = SettingsBody), (status = 401, description = "unauthorized")))]
pub(super) async fn settings(State(app): State<App>, member: Member) -> Result<axum::Json<SettingsBody>, Problem> {
    let user_id = member.user.user_id;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let standing = plans::plan_of(&mut tx, user_id).await?;
    let balance = wallets::balance(&mut tx, user_id, member.ctx.now()).await?;
    let settings = queries::settings(&mut tx, user_id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(axum::Json(SettingsBody {
        plan: PlanBody {
            name: standing.plan.name(member.ctx.locale).to_owned(),
            code: standing.plan.code,
            standing: standing.standing.as_str(),
            standing_until: standing.standing.until(),
        },
        history_days: settings.history_days,
        page_limit: settings.page_limit,
        balance: BalanceBody {
            tokens: tokens_as_number(balance.tokens),
            tokens_held: tokens_as_number(balance.tokens_held),
            image_credits: balance.image_credits,
            image_credits_held: balance.image_credits_held,
            balance_usd_cents: balance.usd_cents(),
        },
        generations: GenerationsBody {
            total: settings.total_generations,
            this_month: settings.monthly_generations,
            last_at: settings.last_generation_at,
        },
    }))
}

/// What was used in a period, by day, operation and model.
#[utoipa::path(get, path = "/api/user/usage", tag = "credits", params(("from" = Option<String>, Query, description = "first day in Tokyo, 2026-11-01; without both, this month"), ("to" = Option<String>, Query, description = "last day; 366 days at most")), responses((status = 200, body = UsageBody), (status = 401, description = "unauthorized"), (status = 422, description = "no such day or period")))]
pub(super) async fn usage(
    State(app): State<App>,
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<UsageBody>, Problem> {
    let period = Period::of(&asked, member.ctx.now())?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let usage = Usage::of(&queries::used(&mut tx, member.user.user_id, period).await?);
    tx.commit().await?;
    Ok(axum::Json(UsageBody {
        from: day_text(period.from),
        to: day_text(period.to),
        total: SumBody::from(&usage.total),
        days: usage.days.iter().map(|(day, sum)| DayBody { date: day_text(*day), sum: sum.into() }).collect(),
        operations: usage
            .operations
            .iter()
            .map(|(operation, sum)| OperationBody { operation: *operation, sum: sum.into() })
            .collect(),
        models: usage
            .models
            .into_iter()
            .map(|((provider, model), sum)| ModelBody { provider, model, sum: (&sum).into() })
            .collect(),
    }))
}

/// What statements say of their API.
#[derive(utoipa::OpenApi)]
#[openapi(paths(settings, usage))]
pub(crate) struct Described;
