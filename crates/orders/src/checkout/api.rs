//! `POST /api/checkout` (specification 1, §10).

use axum::extract::State;
use kernel::{OrderId, ProductId};
use platform::Problem;
use platform::http::{Json, Member};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::PurchaseRequest;
use super::place_order::{ReturnAddresses, place_order};
use super::redirects::return_url;
use crate::limits;
use crate::state::Orders;

/// The listing, and where to return to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckoutBody {
    listing_id: ProductId,
    success_url: Option<String>,
    cancel_url: Option<String>,
}

/// The order, and where to pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckoutAnswer {
    url: String,
    order_id: OrderId,
}

/// Orders a listing and says where to pay.
#[utoipa::path(post, path = "/api/checkout", tag = "orders", request_body = CheckoutBody, responses((status = 200, body = CheckoutAnswer), (status = 401, description = "unauthorized"), (status = 404, description = "not_found"), (status = 409, description = "unavailable, own_product, already_owned, not_fulfillable"), (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests"), (status = 503, description = "payment_provider_unavailable")))]
pub(super) async fn checkout(
    State(orders): State<Orders>,
    member: Member,
    Json(body): Json<CheckoutBody>,
) -> Result<axum::Json<CheckoutAnswer>, Problem> {
    limits::ordering(&orders, &member).await?;
    let addresses = ReturnAddresses { success: body.success_url, cancel: body.cancel_url };
    let request = PurchaseRequest { product_id: body.listing_id, shown_price: None };
    let placed = place_order(&orders, &member.ctx, &member.user, request, &addresses).await?;
    let url = match placed.payment_id {
        Some(payment_id) => orders.payments().redirect_url(&member.ctx, payment_id).await?,
        None => {
            let path = format!("/orders/{}", placed.order_id);
            return_url(&orders.app().config, "successUrl", addresses.success.as_deref(), &path)
                .map_err(|problem| Problem::invalid(vec![problem]))?
        }
    };
    Ok(axum::Json(CheckoutAnswer { url: url.into(), order_id: placed.order_id }))
}

/// The OpenAPI description of these paths.
#[derive(utoipa::OpenApi)]
#[openapi(paths(checkout))]
pub(crate) struct Documented;
