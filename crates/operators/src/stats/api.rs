//! `GET /api/admin/stats`.

use axum::extract::State;
use kernel::{Ctx, SystemReason};
use platform::http::{Operator, Query};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::{Date, Duration};
use utoipa::ToSchema;

use super::model::{Day, PlanShare, Stats, Work};
use super::queries;

/// Days that are shown where nothing is said, and at most.
const DAYS: i64 = 30;
const DAYS_MAX: i64 = 366;

/// How many days.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Span {
    days: Option<i64>,
}

/// Counts.
///
/// # Errors
/// 422 for a span that is none; 503.
pub(super) async fn stats(app: &App, ctx: &Ctx, span: Span) -> Result<Stats, Problem> {
    let days = span.days.unwrap_or(DAYS);
    if !(1..=DAYS_MAX).contains(&days) {
        let problem = platform::FieldProblem::new("days", "out_of_range").with("min", 1_i64).with("max", DAYS_MAX);
        return Err(Problem::invalid(vec![problem]));
    }
    let tokyo = time::UtcOffset::from_hms(super::TOKYO_HOURS, 0, 0).map_err(Problem::internal)?;
    let now = ctx.now();
    let today = now.to_offset(tokyo).replace_time(time::Time::MIDNIGHT);
    let since = today - Duration::days(days - 1);
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let (people, banned) = queries::people(&mut tx).await?;
    let stats = Stats {
        people,
        banned,
        plans: queries::plans(&mut tx).await?,
        work: queries::work(&mut tx, now).await?,
        days: queries::days(&mut tx, since, now).await?,
    };
    tx.commit().await?;
    Ok(stats)
}

/// The platform in stats.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatsBody {
    users: i64,
    banned_users: i64,
    plans: Vec<PlanBody>,
    work: WorkBody,
    days: Vec<DayBody>,
}

/// How many people are on a plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StatsPlan)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanBody {
    plan: String,
    users: i64,
    overdue: i64,
}

/// Waiting work.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkBody {
    jobs_waiting: i64,
    oldest_wait_seconds: i64,
    jobs_dead: i64,
    events_waiting: i64,
    mails_waiting: i64,
    findings_open: i64,
}

/// A day in Tokyo.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StatsDay)]
#[serde(rename_all = "camelCase")]
pub(super) struct DayBody {
    #[schema(value_type = String, format = Date)]
    date: Date,
    sign_ups: i64,
    generations: i64,
    failed_generations: i64,
    taken_yen: i64,
    refunded_yen: i64,
    tokens_used: i64,
    image_credits_used: i64,
}

impl From<PlanShare> for PlanBody {
    fn from(share: PlanShare) -> Self {
        Self { plan: share.plan, users: share.people, overdue: share.overdue }
    }
}

impl From<Work> for WorkBody {
    fn from(work: Work) -> Self {
        Self {
            jobs_waiting: work.jobs_waiting,
            oldest_wait_seconds: work.oldest_wait_s,
            jobs_dead: work.jobs_dead,
            events_waiting: work.events_waiting,
            mails_waiting: work.mails_waiting,
            findings_open: work.findings_open,
        }
    }
}

impl From<Day> for DayBody {
    fn from(day: Day) -> Self {
        Self {
            date: day.date,
            sign_ups: day.sign_ups,
            generations: day.pictures,
            failed_generations: day.failures,
            taken_yen: day.taken.get(),
            refunded_yen: day.given_back.get(),
            tokens_used: day.tokens_used,
            image_credits_used: day.image_credits_used,
        }
    }
}

/// The platform in stats.
#[utoipa::path(get, path = "/api/admin/stats", tag = "operators",
  params(("days" = Option<i64>, Query, description = "1 to 366; 30 where nothing is said")),
  responses((status = 200, body = StatsBody), (status = 404, description = "for whoever is no operator"),
            (status = 422)))]
pub(super) async fn show(
    State(app): State<App>,
    Operator(member): Operator,
    Query(span): Query<Span>,
) -> Result<axum::Json<StatsBody>, Problem> {
    let stats = stats(&app, &member.ctx, span).await?;
    Ok(axum::Json(StatsBody {
        users: stats.people,
        banned_users: stats.banned,
        plans: stats.plans.into_iter().map(PlanBody::from).collect(),
        work: stats.work.into(),
        days: stats.days.into_iter().map(DayBody::from).collect(),
    }))
}

/// What this part of the API says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show), components(schemas(StatsBody, PlanBody, WorkBody, DayBody)))]
pub(super) struct Described;
