//! The SQL of the gallery. It runs as whoever looks, under row level security.
//!
//! A cursor is a row comparison against an index in the same order. The first page starts after everything, because the
//! index cannot serve a condition that is sometimes absent.

use kernel::{Locale, PageRequest, ProductId, UserId, Yen};
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::model::{Card, GalleryFilter, Preview};
use super::product::{Product, Supply};
use crate::products::model::{LicenseType, ProductKind, ProductStatus};
use crate::products::terms::Terms;

const AFTER_EVERYTHING: OffsetDateTime = datetime!(9999-01-01 0:00 UTC);

fn start(request: &PageRequest) -> (OffsetDateTime, Uuid) {
    request.after.map_or((AFTER_EVERYTHING, Uuid::max()), |cursor| (cursor.at, cursor.id))
}

/// A card as it is stored.
struct CardRow {
    id: ProductId,
    kind: ProductKind,
    slug: String,
    title: String,
    tags: Vec<String>,
    price: Yen,
    status: ProductStatus,
    license: Option<LicenseType>,
    seller_id: UserId,
    published_at: OffsetDateTime,
    preview_key: Option<StorageKey>,
    preview_width: Option<i32>,
    preview_height: Option<i32>,
    preview_widths: Vec<i32>,
    dominant_colour: Option<String>,
}

impl CardRow {
    /// The card, without the seller's name.
    fn read(self) -> Result<Card, DatabaseError> {
        let preview = match (self.preview_key, self.preview_width, self.preview_height, self.dominant_colour) {
            (Some(key), Some(width), Some(height), Some(dominant_colour)) => {
                Some(Preview { key, width, height, widths: self.preview_widths, dominant_colour })
            }
            _ => None,
        };
        Ok(Card {
            id: self.id,
            slug: self.slug,
            title: self.title,
            tags: self.tags,
            price: self.price,
            status: self.status,
            terms: Terms::of(self.kind, self.license)?,
            seller_id: self.seller_id,
            seller_name: String::new(),
            published_at: self.published_at,
            preview,
        })
    }

    fn read_all(rows: Vec<Self>) -> Result<Vec<Card>, DatabaseError> {
        rows.into_iter().map(Self::read).collect()
    }
}

/// Selects the columns of cards. What follows `from public.products p` is the rest of the statement and its arguments.
macro_rules! select_cards {
    ($rest:tt $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            CardRow,
            r#"select p.id as "id!: ProductId", p.kind as "kind!: ProductKind", p.slug as "slug!", p.title as "title!",
                      p.tags as "tags!", p.price_yen as "price!: Yen", p.status as "status!: ProductStatus",
                      t.license_type as "license?: LicenseType", p.seller_id as "seller_id!: UserId",
                      p.published_at as "published_at!", p.preview_key as "preview_key?: StorageKey", p.preview_width,
                      p.preview_height, p.preview_widths as "preview_widths!", p.dominant_colour
               from public.products p left join public.design_terms t on t.product_id = p.id "# + $rest,
            $($argument),*
        )
    };
}

/// A page of what is for sale, newest first.
pub(super) async fn browse(
    tx: &mut PgConnection,
    filter: &GalleryFilter,
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
    let rows = select_cards!(
        r#"where p.listed and (p.published_at, p.id) < ($1, $2)
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
    .await?;
    CardRow::read_all(rows)
}

async fn browse_tag(
    tx: &mut PgConnection,
    tag: &str,
    filter: &GalleryFilter,
    request: &PageRequest,
) -> Result<Vec<Card>, DatabaseError> {
    let (at, id) = start(request);
    let rows = select_cards!(
        r#"join public.product_tags g on g.product_id = p.id
           where g.tag_id = (select id from public.tags where slug = $7) and g.listed_at is not null
             and (g.listed_at, g.product_id) < ($1, $2) and p.listed
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
    .await?;
    CardRow::read_all(rows)
}

/// A page of what one person has published, newest first; without `but`.
pub(super) async fn of_seller(
    tx: &mut PgConnection,
    seller_id: UserId,
    but: Option<ProductId>,
    request: &PageRequest,
) -> Result<Vec<Card>, DatabaseError> {
    let (at, id) = start(request);
    let rows = select_cards!(
        r#"where p.seller_id = $3 and p.visibility = 'public' and p.status in ('active', 'sold_out')
             and (p.published_at, p.id) < ($1, $2) and ($4::uuid is null or p.id <> $4)
           order by p.published_at desc, p.id desc limit $5"#,
        at,
        id,
        seller_id as UserId,
        but.map(ProductId::uuid),
        request.fetch_limit(),
    )
    .fetch_all(tx)
    .await?;
    CardRow::read_all(rows)
}

/// The cards of products that were ever published, in no order.
pub(super) async fn cards_of(tx: &mut PgConnection, ids: &[ProductId]) -> Result<Vec<Card>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = select_cards!("where p.id = any($1) and p.published_at is not null", &ids).fetch_all(tx).await?;
    CardRow::read_all(rows)
}

/// The card of a product by its address or id.
pub(super) async fn card_by_key(tx: &mut PgConnection, key: &str) -> Result<Option<Card>, DatabaseError> {
    let id: Option<Uuid> = key.parse().ok();
    let row = select_cards!(
        r#"where (p.slug = $1 or p.id = $2) and p.published_at is not null
             and p.status in ('active', 'sold_out', 'paused', 'suspended')"#,
        key,
        id,
    )
    .fetch_optional(tx)
    .await?;
    row.map(CardRow::read).transpose()
}

/// What only the page of a product shows. Title and description are the seller's translation where there is one.
pub(super) async fn product(
    tx: &mut PgConnection,
    card: Card,
    locale: Locale,
) -> Result<Option<Product>, DatabaseError> {
    let row = sqlx::query!(
        r#"select coalesce(nullif(l.long_description_l10n, ''), p.description) as "description!", p.listed as "listed!",
                  coalesce(l.title_l10n, p.title) as "title!", t.max_sales as "max_sales?",
                  coalesce(t.total_sold, 0) as "sold!", p.original_width, p.original_height, p.made_with
           from public.products p
           left join public.design_terms t on t.product_id = p.id
           left join public.product_localizations l on l.product_id = p.id and l.locale = $2
           where p.id = $1"#,
        card.id as ProductId,
        locale.tag(),
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| Product {
        card: Card { title: row.title, ..card },
        description: row.description,
        listed: row.listed,
        supply: Supply { max_sales: row.max_sales, sold: row.sold },
        original_size: row.original_width.zip(row.original_height),
        made_with: row.made_with,
    }))
}

/// The tags of the latest 240 products, most used first.
pub(super) async fn popular_tags(tx: &mut PgConnection, limit: i64) -> Result<Vec<String>, DatabaseError> {
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

/// Whether such a product was ever published. For the platform, which tells "gone" from "never existed".
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
