//! `POST /api/billing/checkout`, `GET /api/billing/checkout/complete` (specification 3, §1) and
//! `POST /api/billing/subscription/create` for whoever has an account.

use axum::Extension;
use identity::sessions::Caller;
use kernel::Ctx;
use platform::Problem;
use platform::http::{Anyone, Json, Member, Query};
use platform::rate_limits::{self, RateLimit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::Completion;
use super::open::{Wanted, open};
use crate::plans::PlanCode;
use crate::{Billing, BillingPeriod};

/// Checkouts that one address, or one person, may open in an hour.
const CHECKOUTS_PER_HOUR: u32 = 60;
/// Questions after a checkout that one address may ask in an hour: a page asks every few seconds.
const QUESTIONS_PER_HOUR: u32 = 3_600;

/// What is to begin.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = PlanCheckoutBody)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckoutBody {
    plan_id: PlanCode,
    period: Option<BillingPeriod>,
}

/// Where to pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PlanCheckoutAnswer)]
pub(super) struct CheckoutAnswer {
    url: String,
}

/// Which checkout.
#[derive(Clone, Debug, Deserialize, IntoParams)]
pub(super) struct CompleteQuery {
    /// The provider's name of the page, as it was put into the address of the return.
    #[serde(default)]
    session_id: String,
}

/// Counts a wish to open a page at the provider.
pub(super) async fn limit_opening(billing: &Billing, ctx: &Ctx, caller: &Caller) -> Result<(), Problem> {
    let key = ctx.user_id().map_or_else(|| caller.address_key(), |user_id| user_id.to_string());
    rate_limits::take(ctx, billing.app(), RateLimit::hourly("credits.checkout", CHECKOUTS_PER_HOUR), &key).await
}

/// Counts a question after a checkout.
pub(crate) async fn limit_asking(billing: &Billing, ctx: &Ctx, caller: &Caller) -> Result<(), Problem> {
    let limit = RateLimit::hourly("credits.checkout_complete", QUESTIONS_PER_HOUR);
    rate_limits::take(ctx, billing.app(), limit, &caller.address_key()).await
}

async fn begin(billing: &Billing, ctx: &Ctx, body: CheckoutBody) -> Result<axum::Json<CheckoutAnswer>, Problem> {
    let period = body.period.unwrap_or(BillingPeriod::Month);
    let wanted = Wanted { plan: body.plan_id, period, user_id: ctx.user_id(), price_shown: None };
    let url = open(billing, ctx, &wanted).await?;
    Ok(axum::Json(CheckoutAnswer { url: url.into() }))
}

/// Opens the provider's page on which a plan is paid, with or without an account. Whoever is logged in keeps the account;
/// else the mail address given there decides.
#[utoipa::path(post, path = "/api/billing/checkout", tag = "billing", request_body = CheckoutBody, responses((status = 200, body = CheckoutAnswer), (status = 409, description = "subscription_exists"), (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn checkout(
    Extension(billing): Extension<Billing>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<CheckoutBody>,
) -> Result<axum::Json<CheckoutAnswer>, Problem> {
    if let Some(user) = ctx.user() {
        identity::require_active(user)?;
    }
    limit_opening(&billing, &ctx, &caller).await?;
    begin(&billing, &ctx, body).await
}

/// As `POST /api/billing/checkout`, for whoever is logged in.
#[utoipa::path(post, path = "/api/billing/subscription/create", tag = "billing", request_body = CheckoutBody, responses((status = 200, body = CheckoutAnswer), (status = 401, description = "unauthorized"), (status = 403, description = "account_banned"), (status = 409, description = "subscription_exists"), (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn create(
    Extension(billing): Extension<Billing>,
    member: Member,
    caller: Caller,
    Json(body): Json<CheckoutBody>,
) -> Result<axum::Json<CheckoutAnswer>, Problem> {
    identity::require_active(&member.user)?;
    limit_opening(&billing, &member.ctx, &caller).await?;
    begin(&billing, &member.ctx, body).await
}

/// How a checkout stands, for whoever comes back from it. Nothing that is not masked.
#[utoipa::path(get, path = "/api/billing/checkout/complete", tag = "billing", params(CompleteQuery), responses((status = 200, body = Completion), (status = 404, description = "not_found"), (status = 429, description = "too_many_requests")))]
pub(super) async fn complete(
    Extension(billing): Extension<Billing>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Query(query): Query<CompleteQuery>,
) -> Result<axum::Json<Completion>, Problem> {
    limit_asking(&billing, &ctx, &caller).await?;
    Ok(axum::Json(super::complete(&billing, &ctx, &query.session_id).await?))
}

/// What this part of the API says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(paths(checkout, complete, create))]
pub(crate) struct Described;
