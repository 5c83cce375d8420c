//! The SQL of the inventory. It runs as the platform.

use kernel::{Ctx, GenerationId, ProductId};
use platform::DatabaseError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Inventory, Lineage, Stock};
use crate::lineages::model::{ExclusiveState, LineageSales};
use crate::products::model::{LicenseType, LineageId, ProductKind};
use crate::products::terms::Terms;

/// Locks the lineages that products belong to, as far as this statement can see which they are.
pub(super) async fn lock_lineages_of(
    tx: &mut PgConnection,
    ids: &[ProductId],
) -> Result<Vec<LineageId>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar!(
        r#"select id as "id: LineageId" from public.design_lineages
           where id in (select lineage_id from public.products where id = any($1)) order by id for update"#,
        &ids,
    )
    .fetch_all(tx)
    .await
}

/// What is offered, reserved and sold of products.
pub(super) async fn stock(tx: &mut PgConnection, ids: &[ProductId]) -> Result<Vec<(ProductId, Stock)>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select p.id as "id!: ProductId", p.kind as "kind!: ProductKind", p.listed as "listed!",
                  p.lineage_id as "lineage_id?: LineageId", p.generation_id as "generation_id?: GenerationId",
                  t.license_type as "license?: LicenseType", t.max_sales as "max_sales?",
                  coalesce(t.total_sold, 0) as "sold!", coalesce(t.total_reserved, 0) as "reserved!"
           from public.products p left join public.design_terms t on t.product_id = p.id
           where p.id = any($1)"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let terms = Terms::of(row.kind, row.license)?;
            let (lineage_id, generation_id) = (row.lineage_id, row.generation_id);
            let (listed, max_sales, sold, reserved) = (row.listed, row.max_sales, row.sold, row.reserved);
            Ok((row.id, Stock { terms, listed, lineage_id, generation_id, max_sales, sold, reserved, sold_now: 0 }))
        })
        .collect()
}

/// What has been sold of lineages.
pub(super) async fn lineages(
    tx: &mut PgConnection,
    ids: &[LineageId],
) -> Result<Vec<(LineageId, Lineage)>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select l.id as "id: LineageId", l.exclusive_state as "exclusive: ExclusiveState", l.licences_sold,
                  exists (select from public.products p join public.design_terms t on t.product_id = p.id
                           where p.lineage_id = l.id and p.status = 'active' and t.license_type = 'exclusive')
                    as "is_offered_exclusively!"
           from public.design_lineages l where l.id = any($1)"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    let lineages = rows.into_iter().map(|row| {
        let sales = LineageSales { exclusive: row.exclusive, licences_sold: row.licences_sold };
        (row.id, Lineage { sales, is_offered_exclusively: row.is_offered_exclusively, is_sold_now: false })
    });
    Ok(lineages.collect())
}

/// Writes the counters of the products that have changed.
pub(super) async fn save_stock(tx: &mut PgConnection, inventory: &Inventory) -> Result<(), DatabaseError> {
    let changed = || inventory.changed_products.iter().filter_map(|id| Some((id, inventory.products.get(id)?)));
    let ids: Vec<Uuid> = changed().map(|(id, _)| id.uuid()).collect();
    let sold: Vec<i32> = changed().map(|(_, stock)| stock.sold).collect();
    let reserved: Vec<i32> = changed().map(|(_, stock)| stock.reserved).collect();
    sqlx::query!(
        r#"update public.design_terms t set total_sold = c.sold, total_reserved = c.reserved
           from unnest($1::uuid[], $2::integer[], $3::integer[]) as c (id, sold, reserved)
           where t.product_id = c.id"#,
        &ids,
        &sold,
        &reserved,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Adds the sales to the counters of products of every kind.
pub(super) async fn count_sales(tx: &mut PgConnection, inventory: &Inventory) -> Result<(), DatabaseError> {
    let sold = || inventory.products.iter().filter(|(_, stock)| stock.sold_now > 0);
    let ids: Vec<Uuid> = sold().map(|(id, _)| id.uuid()).collect();
    let counts: Vec<i32> = sold().map(|(_, stock)| stock.sold_now).collect();
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"update public.product_counters p set sales_count = sales_count + c.sold
           from unnest($1::uuid[], $2::integer[]) as c (id, sold) where p.product_id = c.id"#,
        &ids,
        &counts,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes the sales of the lineages that have changed.
pub(super) async fn save_lineages(tx: &mut PgConnection, inventory: &Inventory) -> Result<(), DatabaseError> {
    let changed = || inventory.changed_lineages.iter().filter_map(|id| Some((id, inventory.lineages.get(id)?)));
    let ids: Vec<Uuid> = changed().map(|(id, _)| id.uuid()).collect();
    let sold: Vec<i32> = changed().map(|(_, lineage)| lineage.sales.licences_sold).collect();
    let exclusive: Vec<Option<ExclusiveState>> = changed().map(|(_, lineage)| lineage.sales.exclusive).collect();
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"update public.design_lineages l set licences_sold = c.sold, exclusive_state = c.exclusive
           from unnest($1::uuid[], $2::integer[], $3::text[]) as c (id, sold, exclusive) where l.id = c.id"#,
        &ids,
        &sold,
        &exclusive as &[Option<ExclusiveState>],
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Nothing is left of these products.
pub(super) async fn mark_sold_out(ctx: &Ctx, tx: &mut PgConnection, ids: &[ProductId]) -> Result<(), DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        r#"update public.products set status = 'sold_out', updated_at = $2
           where id = any($1) and status in ('active', 'paused')"#,
        &ids,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Every listing of lineages ends, because a licence of them was sold exclusively. Gives all their products.
pub(super) async fn retire_lineages(
    ctx: &Ctx,
    tx: &mut PgConnection,
    ids: &[LineageId],
) -> Result<Vec<ProductId>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        r#"update public.products set status = 'sold_out', updated_at = $2
           where lineage_id = any($1) and status in ('active', 'paused')"#,
        &ids,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query_scalar!(r#"select id as "id: ProductId" from public.products where lineage_id = any($1)"#, &ids)
        .fetch_all(tx)
        .await
}

/// Exclusive offers of lineages are paused, because somebody has another licence of them now. Gives the generations of
/// their pictures.
pub(super) async fn pause_exclusive_offers(
    ctx: &Ctx,
    tx: &mut PgConnection,
    ids: &[LineageId],
) -> Result<Vec<GenerationId>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar!(
        r#"update public.products p set status = 'paused', updated_at = $2
           from public.design_terms t
           where p.lineage_id = any($1) and p.status = 'active' and t.product_id = p.id and t.license_type = 'exclusive'
           returning p.generation_id as "id!: GenerationId""#,
        &ids,
        ctx.now(),
    )
    .fetch_all(tx)
    .await
}
