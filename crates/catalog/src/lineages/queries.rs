//! The SQL of lineages.

use kernel::{Ctx, GenerationId, UserId};
use platform::DatabaseError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{ExclusiveState, LineageSales};
use crate::products::model::LineageId;

/// A product of a seller, as far as likeness is concerned.
pub(super) struct Published {
    pub lineage_id: LineageId,
    pub perceptual_hash: Vec<u8>,
    pub placeholder_grid: String,
}

/// The canonical lineage of the first picture of a line of descent; created when there is none.
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

/// The lineages of products with exactly these bytes, of every seller.
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
pub(super) async fn published_by(tx: &mut PgConnection, seller_id: UserId) -> Result<Vec<Published>, DatabaseError> {
    sqlx::query_as!(
        Published,
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

/// Locks lineages until the transaction ends, always in the same order.
pub(super) async fn lock_lineages(tx: &mut PgConnection, ids: &[LineageId]) -> Result<(), DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!("select id from public.design_lineages where id = any($1) order by id for update", &ids)
        .fetch_all(tx)
        .await?;
    Ok(())
}

/// Makes `canonical` the lineage of everything that belongs to `ids`, none of which has an exclusive licence reserved or
/// sold.
pub(super) async fn merge_lineages(
    tx: &mut PgConnection,
    canonical: LineageId,
    ids: &[LineageId],
) -> Result<(), DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        r#"update public.design_lineages set canonical_id = $1,
                  licences_sold = case when id = $1
                    then (select sum(licences_sold)::integer from public.design_lineages where id = any($2)) else 0 end
           where canonical_id = any($2) and (canonical_id <> $1 or id = $1)"#,
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

/// What has been reserved and sold of several lineages together.
pub(super) async fn sales(tx: &mut PgConnection, ids: &[LineageId]) -> Result<LineageSales, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        LineageSales,
        r#"select case when bool_or(exclusive_state = 'sold') then 'sold'
                       when bool_or(exclusive_state = 'reserved') then 'reserved' end as "exclusive: ExclusiveState",
                  coalesce(sum(licences_sold), 0)::integer as "licences_sold!"
           from public.design_lineages where id = any($1)"#,
        &ids,
    )
    .fetch_one(tx)
    .await
}
