//! `GET /api/billing/subscription`, `POST /api/billing/subscription/{change,cancel,resume}`, `GET /api/billing/portal`.

use axum::routing::{get, post};
use axum::{Extension, Router};
use identity::sessions::Caller;
use kernel::{SystemReason, Yen};
use payments::subscriptions::ChangePreview;
use platform::http::{Json, Member, Query};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::change::{ChangeRequest, Effect, change as change_plan, preview as preview_change, set_end};
use super::model::Subscription;
use super::portal::portal as portal_url;
use super::queries;
use crate::plans;
use crate::plans::model::PlanCode;
use crate::state::Billing;
use payments::subscriptions::BillingPeriod;

pub(crate) fn routes(billing: &Billing) -> Router<App> {
    Router::new()
        .route("/api/billing/subscription", get(show))
        .route("/api/billing/subscription/preview", get(preview))
        .route("/api/billing/subscription/change", post(change))
        .route("/api/billing/subscription/cancel", post(cancel))
        .route("/api/billing/subscription/resume", post(resume))
        .route("/api/billing/portal", get(portal))
        .layer(Extension(billing.clone()))
}

/// What comes with the next period.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NextAnswer {
    plan_id: PlanCode,
    period: BillingPeriod,
    price_yen: Yen,
}

/// How somebody's plan stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubscriptionAnswer {
    plan_id: PlanCode,
    /// `active`, `grace` or `read_only`.
    dunning_state: &'static str,
    #[serde(with = "time::serde::rfc3339::option")]
    dunning_until: Option<OffsetDateTime>,
    /// Absent on the free plan.
    period: Option<BillingPeriod>,
    price_yen: Option<Yen>,
    #[serde(with = "time::serde::rfc3339::option")]
    current_period_start: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    current_period_end: Option<OffsetDateTime>,
    cancel_at_period_end: bool,
    next: Option<NextAnswer>,
}

/// Another plan.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeBody {
    plan_id: PlanCode,
    /// As now where nothing is said.
    period: Option<BillingPeriod>,
    /// `amountYen` and `proratedAt` of the preview that was agreed to: exactly that is charged, or nothing changes.
    amount_yen: Option<i64>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    prorated_at: Option<OffsetDateTime>,
}

/// Another plan, to look at.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct PreviewQuery {
    /// The plan.
    #[param(value_type = String)]
    plan_id: PlanCode,
    /// As now where nothing is said.
    #[param(value_type = Option<String>)]
    period: Option<BillingPeriod>,
}

/// What a change would cost.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PreviewAnswer {
    effect: Effect,
    /// What would be charged at once; nothing where the change comes with the next period.
    amount_yen: Option<Yen>,
    /// From which moment it is reckoned: given to the change within 30 minutes, exactly this is charged.
    #[serde(with = "time::serde::rfc3339::option")]
    prorated_at: Option<OffsetDateTime>,
}

/// When it comes into force.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeAnswer {
    effect: Effect,
}

/// Where the provider's page is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PortalAnswer {
    url: String,
}

async fn answer(billing: &Billing, member: &Member) -> Result<axum::Json<SubscriptionAnswer>, Problem> {
    let user_id = member.user.user_id;
    let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
    let live = queries::live_of(&mut tx, user_id).await?;
    let user_plan = plans::plan_of(&mut tx, user_id).await?;
    tx.commit().await?;
    let of = |read: fn(&Subscription) -> OffsetDateTime| live.as_ref().map(read);
    Ok(axum::Json(SubscriptionAnswer {
        plan_id: user_plan.plan.code,
        dunning_state: user_plan.dunning.as_str(),
        dunning_until: user_plan.dunning.until(),
        period: live.as_ref().map(|live| live.period),
        price_yen: live.as_ref().map(|live| live.price),
        current_period_start: of(|live| live.period_start),
        current_period_end: of(|live| live.period_end),
        cancel_at_period_end: live.as_ref().is_some_and(|live| live.cancel_at_period_end),
        next: live.and_then(|live| live.next).map(|next| NextAnswer {
            plan_id: next.plan,
            period: next.period,
            price_yen: next.price,
        }),
    }))
}

/// How the caller's plan stands.
#[utoipa::path(get, path = "/api/billing/subscription", tag = "billing", responses((status = 200, body = SubscriptionAnswer), (status = 401, description = "unauthorized")))]
pub(super) async fn show(
    Extension(billing): Extension<Billing>,
    member: Member,
) -> Result<axum::Json<SubscriptionAnswer>, Problem> {
    answer(&billing, &member).await
}

/// What another plan or period would cost at once, by the payment provider's own reckoning. Nothing changes.
#[utoipa::path(get, path = "/api/billing/subscription/preview", tag = "billing", params(PreviewQuery), responses((status = 200, body = PreviewAnswer), (status = 401, description = "unauthorized"), (status = 409, description = "subscription_missing, subscription_unchanged, subscription_unpaid, subscription_over"), (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn preview(
    Extension(billing): Extension<Billing>,
    member: Member,
    caller: Caller,
    Query(query): Query<PreviewQuery>,
) -> Result<axum::Json<PreviewAnswer>, Problem> {
    crate::checkout::api::limit_asking(&billing, &member.ctx, &caller).await?;
    let request = ChangeRequest { plan: query.plan_id, period: query.period, price_shown: None, charge_shown: None };
    let (effect, charge) = preview_change(&billing, &member.ctx, member.user.user_id, &request).await?;
    Ok(axum::Json(PreviewAnswer {
        effect,
        amount_yen: charge.map(|charge| charge.amount),
        prorated_at: charge.map(|charge| charge.at),
    }))
}

/// Puts another plan or period in the place of the present one: at once where it is better, with the next period where it
/// is smaller. What is in force already withdraws a change that waits.
#[utoipa::path(post, path = "/api/billing/subscription/change", tag = "billing", request_body = ChangeBody, responses((status = 200, body = ChangeAnswer), (status = 401, description = "unauthorized"), (status = 402, description = "payment_declined"), (status = 409, description = "subscription_missing, subscription_unchanged, subscription_unpaid, subscription_over, price_changed_meanwhile"), (status = 422, description = "invalid_input"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn change(
    Extension(billing): Extension<Billing>,
    member: Member,
    Json(body): Json<ChangeBody>,
) -> Result<axum::Json<ChangeAnswer>, Problem> {
    identity::require_active(&member.user)?;
    let shown = body.amount_yen.zip(body.prorated_at);
    let charge_shown = shown.map(|(yen, at)| ChangePreview { amount: Yen(yen), at, is_change: true });
    let request = ChangeRequest { plan: body.plan_id, period: body.period, price_shown: None, charge_shown };
    let effect = change_plan(&billing, &member.ctx, member.user.user_id, &request).await?;
    Ok(axum::Json(ChangeAnswer { effect }))
}

/// Lets the plan end with its present period.
#[utoipa::path(post, path = "/api/billing/subscription/cancel", tag = "billing", responses((status = 200, body = SubscriptionAnswer), (status = 401, description = "unauthorized"), (status = 409, description = "subscription_missing, subscription_over"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn cancel(
    Extension(billing): Extension<Billing>,
    member: Member,
) -> Result<axum::Json<SubscriptionAnswer>, Problem> {
    set_end(&billing, &member.ctx, member.user.user_id, true).await?;
    answer(&billing, &member).await
}

/// Lets the plan go on after all.
#[utoipa::path(post, path = "/api/billing/subscription/resume", tag = "billing", responses((status = 200, body = SubscriptionAnswer), (status = 401, description = "unauthorized"), (status = 409, description = "subscription_missing, subscription_over"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn resume(
    Extension(billing): Extension<Billing>,
    member: Member,
) -> Result<axum::Json<SubscriptionAnswer>, Problem> {
    set_end(&billing, &member.ctx, member.user.user_id, false).await?;
    answer(&billing, &member).await
}

/// The provider's page on which the caller changes the card and sees its receipts.
#[utoipa::path(get, path = "/api/billing/portal", tag = "billing", responses((status = 200, body = PortalAnswer), (status = 401, description = "unauthorized"), (status = 409, description = "subscription_missing"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn portal(
    Extension(billing): Extension<Billing>,
    member: Member,
) -> Result<axum::Json<PortalAnswer>, Problem> {
    let url = portal_url(&billing, member.user.user_id).await?;
    Ok(axum::Json(PortalAnswer { url: url.into() }))
}

/// What this part of the API says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show, preview, change, cancel, resume, portal))]
pub(crate) struct Described;
