//! The SQL of lineages.

use kernel::{Ctx, GenerationId, ProductId, UserId};
use platform::DatabaseError;
use sqlx::PgConnection;

use super::model::LineageId;

/// A product of a seller, as far as likeness is concerned.
pub(super) struct Shown {
    pub lineage_id: LineageId,
    pub perceptual_hash: Vec<u8>,
    pub placeholder_grid: String,
}

/// The canonical lineage of a first picture; made when there is none.
pub(super) async fn lineage_of_root(
    ctx: &Ctx,
    tx: &mut PgConnection,
    root_id: GenerationId,
) -> Result<LineageId, DatabaseError> {
    sqlx::query!(
        "insert into public.design_lineages (id, canonical_id, created_at) values ($1, $1, $2) on conflict do nothing",
        root_id.uuid(),
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query_scalar!(
        r#"select canonical_id as "id: LineageId" from public.design_lineages where id = $1"#,
        root_id.uuid(),
    )
    .fetch_one(tx)
    .await
}

/// The lineages of products with exactly these bytes, whoever shows them.
pub(super) async fn lineages_of_bytes(tx: &mut PgConnection, sha256: &[u8]) -> Result<Vec<LineageId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select distinct lineage_id as "id!: LineageId" from public.products
           where original_sha256 = $1 and lineage_id is not null"#,
        sha256,
    )
    .fetch_all(tx)
    .await
}

/// The latest pictures of a seller.
pub(super) async fn shown_by(tx: &mut PgConnection, seller_id: UserId) -> Result<Vec<Shown>, DatabaseError> {
    sqlx::query_as!(
        Shown,
        r#"select lineage_id as "lineage_id!: LineageId", perceptual_hash as "perceptual_hash!",
                  placeholder_grid as "placeholder_grid!"
           from public.products
           where seller_id = $1 and lineage_id is not null and perceptual_hash is not null
             and placeholder_grid is not null and status <> 'deleted'
           order by published_at desc nulls last limit 2000"#,
        seller_id as UserId,
    )
    .fetch_all(tx)
    .await
}

/// The lineage of a product.
pub(super) async fn lineage_of(tx: &mut PgConnection, id: ProductId) -> Result<Option<LineageId>, DatabaseError> {
    let row = sqlx::query_scalar!(
        r#"select lineage_id as "id: LineageId" from public.products where id = $1"#,
        id as ProductId,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.flatten())
}

/// Locks lineages until the transaction ends, always in the same order.
pub(super) async fn lock_lineages(tx: &mut PgConnection, ids: &[LineageId]) -> Result<(), DatabaseError> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!("select id from public.design_lineages where id = any($1) order by id for update", &ids)
        .fetch_all(tx)
        .await?;
    Ok(())
}

/// Makes `canonical` the lineage of everything that belongs to `ids`.
pub(super) async fn merge_lineages(
    tx: &mut PgConnection,
    canonical: LineageId,
    ids: &[LineageId],
) -> Result<(), DatabaseError> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "update public.design_lineages set canonical_id = $1 where canonical_id = any($2) and canonical_id <> $1",
        canonical as LineageId,
        &ids,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "update public.reservations set lineage_id = $1 where lineage_id = any($2) and lineage_id <> $1",
        canonical as LineageId,
        &ids,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "update public.products set lineage_id = $1 where lineage_id = any($2) and lineage_id <> $1",
        canonical as LineageId,
        &ids,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// How far a lineage has been sold.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineageSales {
    /// An exclusive licence is held for somebody, or sold.
    pub exclusive_taken: bool,
    /// An exclusive licence is sold.
    pub exclusive_sold: bool,
    /// Any licence is sold.
    pub any_sold: bool,
}

/// How far lineages have been sold together, not counting the order item that asks. Each question ends at the first row
/// that answers it: a picture that sells well has many.
///
/// # Errors
/// When the database does not answer.
pub async fn lineage_sales(
    tx: &mut PgConnection,
    ids: &[LineageId],
    but_item: Option<kernel::OrderItemId>,
) -> Result<LineageSales, DatabaseError> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        LineageSales,
        r#"select exists (select from public.reservations
                          where lineage_id = any($1) and is_exclusive and state in ('reserved', 'sold')
                            and ($2::uuid is null or order_item_id <> $2)) as "exclusive_taken!",
                  exists (select from public.reservations
                          where lineage_id = any($1) and is_exclusive and state in ('reserved', 'sold') and state = 'sold'
                            and ($2::uuid is null or order_item_id <> $2)) as "exclusive_sold!",
                  exists (select from public.reservations
                          where lineage_id = any($1) and state = 'sold'
                            and ($2::uuid is null or order_item_id <> $2)) as "any_sold!""#,
        &ids,
        but_item.map(kernel::OrderItemId::uuid),
    )
    .fetch_one(tx)
    .await
}

/// The titles of a seller's products, whatever their state.
///
/// # Errors
/// When the database does not answer.
pub async fn titles_of(tx: &mut PgConnection, seller_id: UserId) -> Result<Vec<String>, DatabaseError> {
    sqlx::query_scalar!("select title from public.products where seller_id = $1", seller_id as UserId)
        .fetch_all(tx)
        .await
}
