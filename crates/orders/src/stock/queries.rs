//! The SQL of stock. The lineage is locked by whoever calls.

use kernel::{Ctx, OrderId, OrderItemId, ProductId, ReservationId};
use platform::DatabaseError;
use sqlx::PgConnection;

use super::Hold;
use catalog::products::{LicenseType, LineageId};

/// Where a reservation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub(crate) enum Holding {
    Reserved,
    Sold,
    Released,
}

/// What is offered at the moment.
pub(super) struct Offered {
    pub listed: bool,
    pub license: Option<LicenseType>,
}

/// Locks the product as well: whoever pauses or reprices it waits, or has done so already.
pub(super) async fn offer(tx: &mut PgConnection, id: ProductId) -> Result<Option<Offered>, DatabaseError> {
    sqlx::query_as!(
        Offered,
        r#"select p.listed as "listed!", t.license_type as "license?: LicenseType"
           from public.products p left join public.design_terms t on t.product_id = p.id
           where p.id = $1 for share of p"#,
        id as ProductId,
    )
    .fetch_optional(tx)
    .await
}

/// Counts one more as held, where there is room.
pub(super) async fn take_for_reservation(tx: &mut PgConnection, id: ProductId) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.design_terms set total_reserved = total_reserved + 1
           where product_id = $1 and (max_sales is null or total_sold + total_reserved < max_sales)"#,
        id as ProductId,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes what an order item holds a sale, in one round trip; says whether everything that may be sold is sold now.
pub(super) async fn sell_reserved(ctx: &Ctx, tx: &mut PgConnection, item: OrderItemId) -> Result<bool, DatabaseError> {
    let sold_out = sqlx::query_scalar!(
        r#"with sold as (
             update public.reservations set state = 'sold', updated_at = $2
             where order_item_id = $1 and state = 'reserved' returning product_id
           )
           update public.design_terms t set total_reserved = total_reserved - 1, total_sold = total_sold + 1
           from sold where t.product_id = sold.product_id
           returning coalesce(total_sold >= max_sales, false) as "sold_out!""#,
        item as OrderItemId,
        ctx.now(),
    )
    .fetch_optional(tx)
    .await?;
    // A product that is no design has no limits of its own.
    Ok(sold_out.unwrap_or(false))
}

/// Counts one more as sold that was not held any more, where there is room.
pub(super) async fn sell_released(tx: &mut PgConnection, id: ProductId) -> Result<bool, DatabaseError> {
    let has_terms = sqlx::query_scalar!(
        r#"select exists (select from public.design_terms where product_id = $1) as "has!""#,
        id as ProductId
    )
    .fetch_one(&mut *tx)
    .await?;
    let done = sqlx::query!(
        r#"update public.design_terms set total_sold = total_sold + 1
           where product_id = $1 and (max_sales is null or total_sold + total_reserved < max_sales)"#,
        id as ProductId,
    )
    .execute(tx)
    .await?;
    Ok(!has_terms || done.rows_affected() == 1)
}

/// Counts one less as held.
pub(super) async fn give_back(tx: &mut PgConnection, id: ProductId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.design_terms set total_reserved = total_reserved - 1 where product_id = $1",
        id as ProductId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether everything that may be sold of a product is sold.
pub(super) async fn is_sold_out(tx: &mut PgConnection, id: ProductId) -> Result<bool, DatabaseError> {
    let sold_out = sqlx::query_scalar!(
        r#"select coalesce(total_sold >= max_sales, false) as "sold_out!" from public.design_terms where product_id = $1"#,
        id as ProductId,
    )
    .fetch_optional(tx)
    .await?;
    Ok(sold_out.unwrap_or(false))
}

/// What is to be written down as held.
pub(super) struct NewReservation<'a> {
    pub id: ReservationId,
    pub wanted: &'a Hold,
    pub lineage_id: Option<LineageId>,
    pub is_exclusive: bool,
}

pub(super) async fn insert(ctx: &Ctx, tx: &mut PgConnection, new: &NewReservation<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.reservations
             (id, order_item_id, order_id, product_id, lineage_id, is_exclusive, state, expires_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, 'reserved', $7, $8, $8)"#,
        new.id as ReservationId,
        new.wanted.order_item_id as OrderItemId,
        new.wanted.order_id as OrderId,
        new.wanted.product_id as ProductId,
        new.lineage_id.map(|id| id.uuid()),
        new.is_exclusive,
        new.wanted.expires_at,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What an order item holds.
pub(super) struct Held {
    pub product_id: ProductId,
    pub lineage_id: Option<LineageId>,
    pub is_exclusive: bool,
    pub state: Holding,
    /// Whether an exclusive licence of its lineage is offered by anybody.
    pub is_offered_exclusively: bool,
}

/// Locks the lineage of what an order item holds, as far as this statement can see which it is.
pub(super) async fn lock_lineage_of_item(
    tx: &mut PgConnection,
    item: OrderItemId,
) -> Result<Option<LineageId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select l.id as "id: LineageId" from public.reservations r join public.products p on p.id = r.product_id
           join public.design_lineages l on l.id = p.lineage_id
           where r.order_item_id = $1 for update of l"#,
        item as OrderItemId,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn reservation(tx: &mut PgConnection, item: OrderItemId) -> Result<Option<Held>, DatabaseError> {
    sqlx::query_as!(
        Held,
        r#"select r.product_id as "product_id: ProductId", p.lineage_id as "lineage_id: LineageId", r.is_exclusive,
                  r.state as "state: Holding",
                  exists (select from public.products o join public.design_terms t on t.product_id = o.id
                           where o.lineage_id = p.lineage_id and o.status = 'active' and t.license_type = 'exclusive')
                    as "is_offered_exclusively!"
           from public.reservations r join public.products p on p.id = r.product_id where r.order_item_id = $1"#,
        item as OrderItemId,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn set_state(
    ctx: &Ctx,
    tx: &mut PgConnection,
    item: OrderItemId,
    state: Holding,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.reservations set state = $2, updated_at = $3 where order_item_id = $1 and state <> $2",
        item as OrderItemId,
        state as Holding,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Other orders that hold stock of a lineage: all of them, or those that hold an exclusive licence.
pub(crate) async fn competing_orders(
    tx: &mut PgConnection,
    lineage_id: LineageId,
    but: OrderId,
    only_exclusive: bool,
) -> Result<Vec<(OrderId, OrderItemId)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select order_id as "order_id: OrderId", order_item_id as "item_id: OrderItemId"
           from public.reservations
           where lineage_id = $1 and state = 'reserved' and order_id <> $2 and (is_exclusive or not $3)
           order by order_item_id"#,
        lineage_id as LineageId,
        but as OrderId,
        only_exclusive,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.item_id)).collect())
}
