//! The SQL of publishing.

use kernel::{Ctx, GenerationId, ProductAssetId, ProductId, ProductVersionId, UserId};
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use studio::generations::PictureToPublish;

use super::model::{Offer, StoredPreviews};
use super::tags::Tag;
use crate::products::model::{LICENSE_TERMS_EDITION, LicenseType, LineageId, ProductStatus};

/// The product of a picture.
#[derive(Clone, Debug)]
pub(crate) struct Existing {
    pub id: ProductId,
    pub slug: String,
    pub status: ProductStatus,
    pub version: i32,
    pub preview_key: StorageKey,
    pub perceptual_hash: Vec<u8>,
    pub placeholder_grid: String,
    pub total_sold: i32,
    pub total_reserved: i32,
    pub license: LicenseType,
    pub max_sales: Option<i32>,
    pub title: String,
    pub description: String,
    pub price_yen: i64,
    pub tags: Vec<String>,
}

/// The product of one of the account's pictures, unless it was deleted.
pub(crate) async fn product_of_picture(
    tx: &mut PgConnection,
    user_id: UserId,
    id: GenerationId,
) -> Result<Option<Existing>, DatabaseError> {
    sqlx::query_as!(
        Existing,
        r#"select p.id as "id: ProductId", p.slug, p.status as "status: ProductStatus", p.current_version as version,
                  p.preview_key as "preview_key!: StorageKey", p.perceptual_hash as "perceptual_hash!",
                  p.placeholder_grid as "placeholder_grid!", t.total_sold, t.total_reserved,
                  t.license_type as "license: LicenseType", t.max_sales, p.title, p.description, p.price_yen, p.tags
           from public.products p join public.design_terms t on t.product_id = p.id
           where p.generation_id = $2 and p.seller_id = $1 and p.status <> 'deleted'"#,
        user_id as UserId,
        id as GenerationId,
    )
    .fetch_optional(tx)
    .await
}

/// A picture that becomes a product.
pub(super) struct NewDesign<'a> {
    pub id: ProductId,
    pub slug: &'a str,
    pub picture: &'a PictureToPublish,
    pub lineage_id: LineageId,
    pub offer: &'a Offer,
    pub previews: &'a StoredPreviews,
}

pub(super) async fn insert_product(ctx: &Ctx, tx: &mut PgConnection, new: &NewDesign<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.products
             (id, kind, seller_id, generation_id, lineage_id, category_id, title, slug, description, tags, price_yen, status,
              current_version, preview_key, preview_width, preview_height, preview_widths, original_width, original_height,
              made_with, dominant_colour, placeholder_grid, perceptual_hash, original_sha256, published_at, created_at, updated_at)
           values ($1, 'design', $2, $3, $4, (select id from public.categories where slug = 'wardrobe'), $5, $6, $7, $8, $9,
                   'active', 1, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21, $21)"#,
        new.id as ProductId,
        new.picture.user_id as UserId,
        new.picture.id as GenerationId,
        new.lineage_id as LineageId,
        new.offer.title,
        new.slug,
        new.offer.description,
        &new.offer.tag_names(),
        new.offer.price.get(),
        new.previews.png_key.as_str(),
        new.previews.width,
        new.previews.height,
        &new.previews.widths,
        new.picture.width,
        new.picture.height,
        new.picture.model,
        new.previews.placeholder.dominant_colour,
        new.previews.placeholder.grid,
        &new.previews.fingerprint.as_bytes()[..],
        &new.picture.sha256,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("insert into public.product_counters (product_id) values ($1)", new.id as ProductId)
        .execute(tx)
        .await?;
    Ok(())
}

/// A paused product enters the gallery again, under new terms and as a new version.
pub(super) async fn reactivate_product(
    ctx: &Ctx,
    tx: &mut PgConnection,
    id: ProductId,
    version: i32,
    lineage_id: LineageId,
    offer: &Offer,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.products
           set status = 'active', visibility = 'public', title = $2, description = $3, tags = $4, price_yen = $5,
               current_version = $6, lineage_id = $7, published_at = $8, updated_at = $8
           where id = $1"#,
        id as ProductId,
        offer.title,
        offer.description,
        &offer.tag_names(),
        offer.price.get(),
        version,
        lineage_id as LineageId,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Sets what the licence allows; what is sold and held stays counted.
pub(super) async fn set_terms(tx: &mut PgConnection, id: ProductId, offer: &Offer) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.design_terms (product_id, license_type, max_sales) values ($1, $2, $3)
           on conflict (product_id) do update set license_type = excluded.license_type, max_sales = excluded.max_sales"#,
        id as ProductId,
        offer.license as LicenseType,
        offer.max_sales,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Freezes what a buyer gets from now on.
pub(super) async fn insert_version(
    ctx: &Ctx,
    tx: &mut PgConnection,
    product_id: ProductId,
    version: i32,
    picture: &PictureToPublish,
    offer: &Offer,
) -> Result<ProductVersionId, DatabaseError> {
    let id: ProductVersionId = ctx.new_id();
    sqlx::query!(
        r#"insert into public.product_versions
             (id, product_id, seller_id, version, title_snapshot, description_snapshot, prompt_snapshot, content_type,
              license_type, license_terms_edition, price_yen, made_with, created_at, published_at)
           values ($1, $2, $3, $4, $5, $6, $7, 'file', $8, $9, $10, $11, $12, $12)"#,
        id as ProductVersionId,
        product_id as ProductId,
        picture.user_id as UserId,
        version,
        offer.title,
        offer.description,
        picture.prompt,
        offer.license as LicenseType,
        LICENSE_TERMS_EDITION,
        offer.price.get(),
        picture.model,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"insert into public.product_assets (id, product_version_id, kind, storage_key, sha256, size_bytes, created_at)
           values ($1, $2, 'image', $3, $4, $5, $6)"#,
        ctx.new_id::<ProductAssetId>() as ProductAssetId,
        id as ProductVersionId,
        picture.storage_key.as_str(),
        &picture.sha256,
        picture.size_bytes,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(id)
}

/// Makes the folded tags of a product what they should be. Always in the same order, so that two publications with the
/// same new tags do not wait for each other in a circle.
pub(super) async fn set_tags(tx: &mut PgConnection, id: ProductId, tags: &[Tag]) -> Result<(), DatabaseError> {
    let mut sorted: Vec<&Tag> = tags.iter().collect();
    sorted.sort_by(|one, other| one.slug.cmp(&other.slug));
    let slugs: Vec<String> = sorted.iter().map(|tag| tag.slug.clone()).collect();
    let names: Vec<String> = sorted.iter().map(|tag| tag.name.clone()).collect();
    sqlx::query!(
        r#"insert into public.tags (slug, name) select * from unnest($1::text[], $2::text[]) on conflict (slug) do nothing"#,
        &slugs,
        &names,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("delete from public.product_tags where product_id = $1", id as ProductId).execute(&mut *tx).await?;
    sqlx::query!(
        "insert into public.product_tags (product_id, tag_id) select $1, id from public.tags where slug = any($2)",
        id as ProductId,
        &slugs,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a product out of the gallery; false when it was not there.
pub(super) async fn pause_product(ctx: &Ctx, tx: &mut PgConnection, id: ProductId) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.products set status = 'paused', updated_at = $2 where id = $1 and status in ('active', 'sold_out')",
        id as ProductId,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A product that is in the gallery.
pub(super) struct InGallery {
    pub id: ProductId,
    pub generation_id: Option<GenerationId>,
}

/// What one seller has in the gallery.
pub(super) async fn published_by(tx: &mut PgConnection, seller_id: UserId) -> Result<Vec<InGallery>, DatabaseError> {
    sqlx::query_as!(
        InGallery,
        r#"select id as "id: ProductId", generation_id as "generation_id: GenerationId" from public.products
           where seller_id = $1 and status in ('active', 'sold_out') order by lineage_id, id"#,
        seller_id as UserId,
    )
    .fetch_all(tx)
    .await
}

/// Whether a picture has become a product.
pub(super) async fn is_product(tx: &mut PgConnection, id: GenerationId) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.products where generation_id = $1) as "used!""#,
        id as GenerationId,
    )
    .fetch_one(tx)
    .await
}

/// The seller's share of a design's price today, in basis points.
pub(crate) async fn seller_share(tx: &mut PgConnection) -> Result<i32, DatabaseError> {
    sqlx::query_scalar!("select seller_share_basis_points from public.commission_rules where product_kind = 'design'")
        .fetch_one(tx)
        .await
}
