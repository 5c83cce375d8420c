//! The SQL of the gallery. All of it runs as whoever looks, under row level security.
//!
//! A cursor is a row comparison against an index that is ordered alike; "from the start" is a position after everything,
//! because a condition that is sometimes absent is one that the index cannot use.

use kernel::{PageRequest, ProductId, UserId, Yen};
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::model::{Card, Filter};
use crate::products::{LicenseType, ProductStatus};

const AFTER_EVERYTHING: OffsetDateTime = datetime!(9999-01-01 0:00 UTC);

fn start(request: &PageRequest) -> (OffsetDateTime, Uuid) {
    request.after.map_or((AFTER_EVERYTHING, Uuid::max()), |cursor| (cursor.at, cursor.id))
}

/// A page of what is for sale, newest first.
pub(super) async fn browse(
    tx: &mut PgConnection,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Vec<Card>, DatabaseError> {
    if filter.min_price.is_some() || filter.max_price.is_some() {
        // How rare a price is decides which index serves it, and a plan made for any price cannot know: over a million
        // products a narrow range took 269 ms by the general plan and 29 ms by its own.
        sqlx::query!("set local plan_cache_mode = force_custom_plan").execute(&mut *tx).await?;
    }
    if let Some(tag) = &filter.tag {
        return browse_tag(tx, tag, filter, request).await;
    }
    let (at, id) = start(request);
    sqlx::query_as!(
        Card,
        r#"select p.id as "id: ProductId", p.slug, p.title, p.tags, p.price_yen as "price: Yen",
                  p.status as "status: ProductStatus", t.license_type as "license?: LicenseType",
                  p.seller_id as "seller_id: UserId", u.display_name as seller_name,
                  p.published_at as "published_at!", p.preview_key as "preview_key!: StorageKey",
                  p.preview_width as "preview_width!", p.preview_height as "preview_height!", p.preview_widths,
                  p.dominant_colour as "dominant_colour!"
           from public.products p
           join public.user_profiles u on u.user_id = p.seller_id
           left join public.design_terms t on t.product_id = p.id
           where p.listed and p.kind = 'design' and (p.published_at, p.id) < ($1, $2)
             and ($3::bigint is null or p.price_yen >= $3) and ($4::bigint is null or p.price_yen <= $4)
             and ($5::text is null or t.license_type = $5)
           order by p.published_at desc, p.id desc limit $6"#,
        at,
        id,
        filter.min_price.map(Yen::get),
        filter.max_price.map(Yen::get),
        filter.license.map(LicenseType::as_str),
        request.fetch_limit(),
    )
    .fetch_all(tx)
    .await
}

async fn browse_tag(
    tx: &mut PgConnection,
    tag: &str,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Vec<Card>, DatabaseError> {
    let (at, id) = start(request);
    sqlx::query_as!(
        Card,
        r#"select p.id as "id: ProductId", p.slug, p.title, p.tags, p.price_yen as "price: Yen",
                  p.status as "status: ProductStatus", t.license_type as "license?: LicenseType",
                  p.seller_id as "seller_id: UserId", u.display_name as seller_name,
                  p.published_at as "published_at!", p.preview_key as "preview_key!: StorageKey",
                  p.preview_width as "preview_width!", p.preview_height as "preview_height!", p.preview_widths,
                  p.dominant_colour as "dominant_colour!"
           from public.product_tags g
           join public.products p on p.id = g.product_id
           join public.user_profiles u on u.user_id = p.seller_id
           left join public.design_terms t on t.product_id = p.id
           where g.tag_id = (select id from public.tags where slug = $7) and g.listed_at is not null
             and (g.listed_at, g.product_id) < ($1, $2) and p.listed and p.kind = 'design'
             and ($3::bigint is null or p.price_yen >= $3) and ($4::bigint is null or p.price_yen <= $4)
             and ($5::text is null or t.license_type = $5)
           order by g.listed_at desc, g.product_id desc limit $6"#,
        at,
        id,
        filter.min_price.map(Yen::get),
        filter.max_price.map(Yen::get),
        filter.license.map(LicenseType::as_str),
        request.fetch_limit(),
        tag,
    )
    .fetch_all(tx)
    .await
}

/// A page of what one person has published and strangers may see, newest first; without `but`.
pub(super) async fn of_seller(
    tx: &mut PgConnection,
    seller_id: UserId,
    but: Option<ProductId>,
    request: &PageRequest,
) -> Result<Vec<Card>, DatabaseError> {
    let (at, id) = start(request);
    sqlx::query_as!(
        Card,
        r#"select p.id as "id: ProductId", p.slug, p.title, p.tags, p.price_yen as "price: Yen",
                  p.status as "status: ProductStatus", t.license_type as "license?: LicenseType",
                  p.seller_id as "seller_id: UserId", u.display_name as seller_name,
                  p.published_at as "published_at!", p.preview_key as "preview_key!: StorageKey",
                  p.preview_width as "preview_width!", p.preview_height as "preview_height!", p.preview_widths,
                  p.dominant_colour as "dominant_colour!"
           from public.products p
           join public.user_profiles u on u.user_id = p.seller_id
           left join public.design_terms t on t.product_id = p.id
           where p.seller_id = $3 and p.visibility = 'public' and p.status in ('active', 'sold_out')
             and p.kind = 'design' and (p.published_at, p.id) < ($1, $2) and ($4::uuid is null or p.id <> $4)
           order by p.published_at desc, p.id desc limit $5"#,
        at,
        id,
        seller_id as UserId,
        but.map(ProductId::uuid),
        request.fetch_limit(),
    )
    .fetch_all(tx)
    .await
}

/// The tags of what came last, most used first.
pub(super) async fn lively_tags(tx: &mut PgConnection, limit: i64) -> Result<Vec<String>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select tag as "tag!" from (
             select unnest(tags) as tag from (
               select tags from public.products where listed order by published_at desc, id desc limit 240) as latest) as used
           group by tag order by count(*) desc, tag limit $1"#,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// Everything that a product's page shows.
pub struct ProductFacts {
    pub id: ProductId,
    pub slug: String,
    pub title: String,
    pub description: String,
    pub tags: Vec<String>,
    pub price: Yen,
    pub status: ProductStatus,
    pub listed: bool,
    pub license: Option<LicenseType>,
    pub max_sales: Option<i32>,
    pub total_sold: Option<i32>,
    pub seller_id: UserId,
    pub seller_name: String,
    pub published_at: OffsetDateTime,
    pub preview_key: StorageKey,
    pub preview_width: i32,
    pub preview_height: i32,
    pub preview_widths: Vec<i32>,
    pub original_width: i32,
    pub original_height: i32,
    pub made_with: String,
    pub dominant_colour: String,
}

/// A product by its address or id, as far as whoever looks may see it.
pub async fn product(tx: &mut PgConnection, key: &str) -> Result<Option<ProductFacts>, DatabaseError> {
    let id: Option<Uuid> = key.parse().ok();
    sqlx::query_as!(
        ProductFacts,
        r#"select p.id as "id: ProductId", p.slug, p.title, p.description, p.tags, p.price_yen as "price: Yen",
                  p.status as "status: ProductStatus", p.listed as "listed!", t.license_type as "license?: LicenseType",
                  t.max_sales as "max_sales?", t.total_sold as "total_sold?", p.seller_id as "seller_id: UserId",
                  u.display_name as seller_name, p.published_at as "published_at!",
                  p.preview_key as "preview_key!: StorageKey", p.preview_width as "preview_width!",
                  p.preview_height as "preview_height!", p.preview_widths, p.original_width as "original_width!",
                  p.original_height as "original_height!", p.made_with, p.dominant_colour as "dominant_colour!"
           from public.products p
           join public.user_profiles u on u.user_id = p.seller_id
           left join public.design_terms t on t.product_id = p.id
           where (p.slug = $1 or p.id = $2) and p.kind = 'design' and p.published_at is not null
             and p.status in ('active', 'sold_out', 'paused', 'suspended')"#,
        key,
        id,
    )
    .fetch_optional(tx)
    .await
}

/// Whether there was such a product once. For the platform, which tells "gone" from "never".
pub(super) async fn was_published(tx: &mut PgConnection, key: &str) -> Result<bool, DatabaseError> {
    let id: Option<Uuid> = key.parse().ok();
    sqlx::query_scalar!(
        r#"select exists (select from public.products where (slug = $1 or id = $2) and published_at is not null) as "was!""#,
        key,
        id,
    )
    .fetch_one(tx)
    .await
}
