//! `GET /api/gallery/public` (specification 1, §9).

use axum::extract::State;
use axum::response::Response;
use kernel::{PageRequest, Paginated, ProductId, UserId};
use media::images::PictureFormat;
use platform::http::{Anyone, Query};
use platform::{App, Problem};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::browse::browse;
use super::cache::shared;
use super::cards::{absolute, variants};
use super::model::{Card, GalleryFilter, GalleryQuery};
use crate::products::model::{LicenseType, ProductKind, ProductStatus};

/// A product as the API lists it; the first nine members are the specification's.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GalleryItem {
    id: ProductId,
    title: String,
    tags: Vec<String>,
    price: i64,
    currency: &'static str,
    status: ProductStatus,
    /// The watermarked PNG; absent for a product without a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<String>,
    owner_id: UserId,
    #[serde(with = "time::serde::rfc3339")]
    published_at: OffsetDateTime,
    owner_name: String,
    kind: ProductKind,
    /// The licence of a design; absent for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    license_type: Option<LicenseType>,
    slug: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dominant_colour: Option<String>,
    images: Vec<GalleryImage>,
}

/// A smaller copy of the preview.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct GalleryImage {
    url: String,
    width: u32,
    r#type: &'static str,
}

impl GalleryItem {
    fn new(app: &App, card: Card) -> Self {
        let image = |(url, width): (String, u32), format: PictureFormat| GalleryImage {
            url: absolute(&app.config, url),
            width,
            r#type: format.mime_type(),
        };
        let preview = card.preview.as_ref();
        let formats = preview.into_iter().flat_map(|preview| {
            [PictureFormat::WebP, PictureFormat::Jpeg].map(|format| (variants(app, preview, format), format))
        });
        Self {
            images: formats
                .flat_map(|(copies, format)| copies.into_iter().map(move |copy| image(copy, format)))
                .collect(),
            preview: preview.map(|preview| absolute(&app.config, app.storage.public_url(&preview.key))),
            width: preview.map(|preview| preview.width),
            height: preview.map(|preview| preview.height),
            dominant_colour: preview.map(|preview| preview.dominant_colour.clone()),
            url: app.config.absolute_url(&format!("/d/{}", card.slug)),
            id: card.id,
            title: card.title,
            tags: card.tags,
            price: card.price.get(),
            currency: "JPY",
            status: card.status,
            owner_id: card.seller_id,
            published_at: card.published_at,
            owner_name: card.seller_name,
            kind: card.terms.kind(),
            license_type: card.terms.license_type(),
            slug: card.slug,
        }
    }
}

/// What is for sale, newest first.
#[utoipa::path(get, path = "/api/gallery/public", tag = "catalog", params(("cursor" = Option<String>, Query, description = "nextCursor of the page before"), ("limit" = Option<u32>, Query, description = "1 to 1000"), ("tag" = Option<String>, Query, description = "only this tag"), ("minPrice" = Option<i64>, Query, description = "yen"), ("maxPrice" = Option<i64>, Query, description = "yen")), responses((status = 200, body = kernel::Paginated<GalleryItem>)))]
pub(super) async fn gallery(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(query): Query<GalleryQuery>,
) -> Result<Response, Problem> {
    let request = PageRequest::parse(Some(&query.cursor), query.limit)?;
    let (filter, problems) = GalleryFilter::read(&query);
    if !problems.is_empty() {
        return Err(Problem::invalid(problems));
    }
    let mut tx = app.db.begin_as(&ctx).await?;
    let cards = browse(&mut tx, &filter, &request).await?;
    tx.commit().await?;
    let page = Paginated::from_rows(cards, &request, Card::position);
    Ok(shared(&ctx, axum::Json(page.map(|card| GalleryItem::new(&app, card)))))
}

/// The OpenAPI description of these paths.
#[derive(utoipa::OpenApi)]
#[openapi(paths(gallery))]
pub(crate) struct Documented;
