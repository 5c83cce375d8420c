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

use super::cards::{absolute, variants};
use super::model::{Card, Filter, Wish};
use super::{queries, shared};
use crate::products::{LicenseType, ProductStatus};

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
    preview: String,
    owner_id: UserId,
    #[serde(with = "time::serde::rfc3339")]
    published_at: OffsetDateTime,
    owner_name: String,
    license_type: Option<LicenseType>,
    slug: String,
    url: String,
    width: i32,
    height: i32,
    dominant_colour: String,
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
        let images = [PictureFormat::WebP, PictureFormat::Jpeg].into_iter().flat_map(|format| {
            let copies = variants(app, &card.preview_key, &card.preview_widths, format);
            copies.into_iter().map(move |(url, width)| GalleryImage { url, width, r#type: format.mime_type() })
        });
        Self {
            images: images
                .map(|image| GalleryImage { url: absolute(&app.config, image.url.clone()), ..image })
                .collect(),
            preview: absolute(&app.config, app.storage.public_url(&card.preview_key)),
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
            license_type: card.license,
            slug: card.slug,
            width: card.preview_width,
            height: card.preview_height,
            dominant_colour: card.dominant_colour,
        }
    }
}

/// What is for sale, newest first.
#[utoipa::path(get, path = "/api/gallery/public", tag = "catalog", params(("cursor" = Option<String>, Query, description = "nextCursor of the page before"), ("limit" = Option<u32>, Query, description = "1 to 1000"), ("tag" = Option<String>, Query, description = "only this tag"), ("minPrice" = Option<i64>, Query, description = "yen"), ("maxPrice" = Option<i64>, Query, description = "yen")), responses((status = 200, body = kernel::Paginated<GalleryItem>)))]
pub(super) async fn gallery(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(wish): Query<Wish>,
) -> Result<Response, Problem> {
    let request = PageRequest::parse(Some(&wish.cursor), wish.limit)?;
    let (filter, problems) = Filter::read(&wish);
    if !problems.is_empty() {
        return Err(Problem::invalid(problems));
    }
    let mut tx = app.db.begin_as(&ctx).await?;
    let cards = queries::browse(&mut tx, &filter, &request).await?;
    tx.commit().await?;
    let page = Paginated::from_rows(cards, &request, Card::position);
    Ok(shared(&ctx, axum::Json(page.map(|card| GalleryItem::new(&app, card)))))
}

/// What this part of the API says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(paths(gallery))]
pub(crate) struct Described;
