//! The SQL of reservations. It runs as the platform, under the lock of the inventory.

use catalog::inventory::EndedOffers;
use catalog::products::LineageId;
use kernel::{Ctx, OrderId, OrderItemId, ProductId, ReservationId};
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Hold, Reservation, ReservationState};

/// Records what is reserved; `exclusive` says for each of them of which lineage it is the exclusive licence.
pub(super) async fn insert(
    ctx: &Ctx,
    tx: &mut PgConnection,
    holds: &[Hold],
    exclusive: &[Option<LineageId>],
) -> Result<(), DatabaseError> {
    let ids: Vec<Uuid> = holds.iter().map(|_| ctx.new_id::<ReservationId>().uuid()).collect();
    let items: Vec<Uuid> = holds.iter().map(|hold| hold.order_item_id.uuid()).collect();
    let orders: Vec<Uuid> = holds.iter().map(|hold| hold.order_id.uuid()).collect();
    let products: Vec<Uuid> = holds.iter().map(|hold| hold.product_id.uuid()).collect();
    let lineages: Vec<Option<Uuid>> = exclusive.iter().map(|id| id.map(LineageId::uuid)).collect();
    let ends: Vec<OffsetDateTime> = holds.iter().map(|hold| hold.expires_at).collect();
    sqlx::query!(
        r#"insert into public.reservations
             (id, order_item_id, order_id, product_id, exclusive_lineage_id, state, expires_at, created_at, updated_at)
           select n.id, n.item_id, n.order_id, n.product_id, n.lineage_id, 'reserved', n.expires_at, $7, $7
           from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[])
             as n (id, item_id, order_id, product_id, lineage_id, expires_at)"#,
        &ids,
        &items,
        &orders,
        &products,
        &lineages as &[Option<Uuid>],
        &ends,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What order items have reserved, in the order of the items.
pub(super) async fn find(tx: &mut PgConnection, items: &[OrderItemId]) -> Result<Vec<Reservation>, DatabaseError> {
    let items: Vec<Uuid> = items.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Reservation,
        r#"select order_id as "order_id: OrderId", order_item_id as "item_id: OrderItemId",
                  product_id as "product_id: ProductId", exclusive_lineage_id as "exclusive_lineage_id: LineageId",
                  state as "state: ReservationState"
           from public.reservations where order_item_id = any($1) order by order_item_id"#,
        &items,
    )
    .fetch_all(tx)
    .await
}

/// Marks reservations as sold. The lineage of an exclusive one is that of today, in case it was released before.
pub(super) async fn mark_sold(ctx: &Ctx, tx: &mut PgConnection, sold: &[Reservation]) -> Result<(), DatabaseError> {
    let items: Vec<Uuid> = sold.iter().map(|one| one.item_id.uuid()).collect();
    let lineages: Vec<Option<Uuid>> = sold.iter().map(|one| one.exclusive_lineage_id.map(LineageId::uuid)).collect();
    sqlx::query!(
        r#"update public.reservations r
           set state = 'sold', exclusive_lineage_id = s.lineage_id, updated_at = $3
           from unnest($1::uuid[], $2::uuid[]) as s (item_id, lineage_id)
           where r.order_item_id = s.item_id and r.state <> 'sold'"#,
        &items,
        &lineages as &[Option<Uuid>],
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Marks reservations as released.
pub(super) async fn mark_released(
    ctx: &Ctx,
    tx: &mut PgConnection,
    released: &[Reservation],
) -> Result<(), DatabaseError> {
    let items: Vec<Uuid> = released.iter().map(|one| one.item_id.uuid()).collect();
    sqlx::query!(
        r#"update public.reservations set state = 'released', updated_at = $2
           where order_item_id = any($1) and state = 'reserved'"#,
        &items,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What other orders have reserved of offers that ended.
pub(super) async fn competing(
    tx: &mut PgConnection,
    winner: OrderId,
    ended: &EndedOffers,
) -> Result<Vec<Reservation>, DatabaseError> {
    let retired: Vec<Uuid> = ended.retired.iter().map(|id| id.uuid()).collect();
    let lineages: Vec<Uuid> = ended.no_longer_exclusive.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Reservation,
        r#"select order_id as "order_id: OrderId", order_item_id as "item_id: OrderItemId",
                  product_id as "product_id: ProductId", exclusive_lineage_id as "exclusive_lineage_id: LineageId",
                  state as "state: ReservationState"
           from public.reservations
           where state = 'reserved' and order_id <> $1 and (product_id = any($2) or exclusive_lineage_id = any($3))
           order by order_item_id"#,
        winner as OrderId,
        &retired,
        &lineages,
    )
    .fetch_all(tx)
    .await
}
