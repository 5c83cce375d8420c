//! `POST /api/user-gallery/publish` and `/unpublish` (specification 1, §8).

use axum::extract::State;
use kernel::{GenerationId, ProductId};
use platform::Problem;
use platform::http::{Json, Member};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Offer, OfferInput};
use crate::limits;
use crate::state::Catalog;

/// The picture and the offer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublishBody {
    history_id: GenerationId,
    price_cents: i64,
    #[serde(default = "non_exclusive")]
    license_type: String,
    max_sales: Option<i64>,
    title: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    description: String,
}

fn non_exclusive() -> String {
    "non-exclusive".to_owned()
}

/// The product.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublishedBody {
    listing_id: ProductId,
    preview_url: String,
    url: String,
}

/// Publishes a picture.
#[utoipa::path(post, path = "/api/user-gallery/publish", tag = "catalog", request_body = PublishBody, responses((status = 200, body = PublishedBody), (status = 403, description = "account_banned"), (status = 404, description = "not_found"), (status = 409, description = "already_published"), (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests"), (status = 503, description = "storage_unavailable")))]
pub(super) async fn publish(
    State(catalog): State<Catalog>,
    member: Member,
    Json(body): Json<PublishBody>,
) -> Result<axum::Json<PublishedBody>, Problem> {
    let input = OfferInput {
        title: body.title,
        description: body.description,
        price_yen: body.price_cents,
        license_type: body.license_type,
        max_sales: body.max_sales,
        tags: body.tags,
    };
    let offer = Offer::check(&input).map_err(Problem::invalid)?;
    limits::publishing(&catalog, &member).await?;
    let published = super::publish::publish(&catalog, &member.ctx, &member.user, body.history_id, &offer).await?;
    Ok(axum::Json(PublishedBody {
        listing_id: published.product_id,
        preview_url: published.preview_url,
        url: catalog.app().config.absolute_url(&format!("/d/{}", published.slug)),
    }))
}

/// The generation of the picture.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UnpublishBody {
    history_id: GenerationId,
}

/// The picture is not in the gallery.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(super) struct Done {
    ok: bool,
}

/// Withdraws a picture from the gallery.
#[utoipa::path(post, path = "/api/user-gallery/unpublish", tag = "catalog", request_body = UnpublishBody, responses((status = 200, body = Done), (status = 404, description = "not_found")))]
pub(super) async fn unpublish(
    State(catalog): State<Catalog>,
    member: Member,
    Json(body): Json<UnpublishBody>,
) -> Result<axum::Json<Done>, Problem> {
    super::unpublish::unpublish(catalog.app(), &member.ctx, &member.user, body.history_id).await?;
    Ok(axum::Json(Done { ok: true }))
}

/// The OpenAPI description of these paths.
#[derive(utoipa::OpenApi)]
#[openapi(paths(publish, unpublish))]
pub(crate) struct Documented;
