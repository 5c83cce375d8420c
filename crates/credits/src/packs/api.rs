//! `POST /api/billing/credits/purchase` (specification 3, §4).

use axum::Extension;
use kernel::PaymentId;
use platform::Problem;
use platform::http::{Json, Member};
use platform::rate_limits::{self, RateLimit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::purchase::{purchase as order_pack, redirect_url};
use crate::state::Billing;

/// Packs that one person may order in an hour.
const PACKS_PER_HOUR: u32 = 40;

/// The pack to buy.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PurchaseBody {
    package_id: i32,
}

/// Where to pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PurchaseAnswer {
    url: String,
    payment_id: PaymentId,
}

/// Refuses whom the platform does not sell to, and counts.
pub(super) async fn may_buy(billing: &Billing, member: &Member) -> Result<(), Problem> {
    identity::require_active(&member.user)?;
    let limit = RateLimit::hourly("credits.purchase", PACKS_PER_HOUR);
    rate_limits::take(&member.ctx, billing.app(), limit, &member.user.user_id.to_string()).await
}

/// Orders a pack and says where to pay.
#[utoipa::path(post, path = "/api/billing/credits/purchase", tag = "billing", request_body = PurchaseBody, responses((status = 200, body = PurchaseAnswer), (status = 401, description = "unauthorized"), (status = 403, description = "account_banned"), (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn purchase(
    Extension(billing): Extension<Billing>,
    member: Member,
    Json(body): Json<PurchaseBody>,
) -> Result<axum::Json<PurchaseAnswer>, Problem> {
    may_buy(&billing, &member).await?;
    let payment_id = order_pack(&billing, &member.ctx, member.user.user_id, body.package_id, None).await?;
    let url = redirect_url(&billing, &member.ctx, payment_id).await?;
    Ok(axum::Json(PurchaseAnswer { url: url.into(), payment_id }))
}

/// What this part of the API says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(paths(purchase))]
pub(crate) struct Described;
