//! The SQL of orders, as their buyer.

use catalog::products::LicenseType;
use kernel::{EntitlementId, OrderId, PageRequest, ProductId, ProductVersionId, UserId, Yen};
use payments::DisputeState;
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::model::{ItemRow, Order};
use crate::status::OrderStatus;

const AFTER_EVERYTHING: OffsetDateTime = datetime!(9999-01-01 0:00 UTC);

fn start(request: &PageRequest) -> (OffsetDateTime, Uuid) {
    request.after.map_or((AFTER_EVERYTHING, Uuid::max()), |cursor| (cursor.at, cursor.id))
}

/// A page of a buyer's orders, newest first.
pub(super) async fn orders(
    tx: &mut PgConnection,
    buyer_id: UserId,
    request: &PageRequest,
) -> Result<Vec<Order>, DatabaseError> {
    let (at, id) = start(request);
    sqlx::query_as!(
        Order,
        r#"select id as "id: OrderId", order_number as number, total_amount_jpy as "total: Yen",
                  status as "status: OrderStatus", unfulfillable, expires_at, created_at, paid_at, refunded_at,
                  (select d.state from public.disputes d join public.payments p on p.id = d.payment_id
                    where p.order_id = orders.id order by d.created_at desc limit 1) as "dispute?: DisputeState"
           from public.orders where buyer_id = $1 and (created_at, id) < ($2, $3)
           order by created_at desc, id desc limit $4"#,
        buyer_id as UserId,
        at,
        id,
        request.fetch_limit(),
    )
    .fetch_all(tx)
    .await
}

/// One of a buyer's orders.
pub(super) async fn order(
    tx: &mut PgConnection,
    buyer_id: UserId,
    id: OrderId,
) -> Result<Option<Order>, DatabaseError> {
    sqlx::query_as!(
        Order,
        r#"select id as "id: OrderId", order_number as number, total_amount_jpy as "total: Yen",
                  status as "status: OrderStatus", unfulfillable, expires_at, created_at, paid_at, refunded_at,
                  (select d.state from public.disputes d join public.payments p on p.id = d.payment_id
                    where p.order_id = orders.id order by d.created_at desc limit 1) as "dispute?: DisputeState"
           from public.orders where buyer_id = $1 and id = $2"#,
        buyer_id as UserId,
        id as OrderId,
    )
    .fetch_optional(tx)
    .await
}

/// The items of orders, in the order of their ids.
pub(super) async fn items(
    tx: &mut PgConnection,
    buyer_id: UserId,
    orders: &[OrderId],
) -> Result<Vec<ItemRow>, DatabaseError> {
    let ids: Vec<Uuid> = orders.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        ItemRow,
        r#"select i.order_id as "order_id: OrderId", i.product_id as "product_id: ProductId",
                  i.product_version_id as "version_id: ProductVersionId", i.seller_id as "seller_id: UserId",
                  i.unit_price_jpy as "price: Yen", l.license_type as "license?: LicenseType",
                  e.id as "entitlement_id?: EntitlementId", e.revoked_at is not null as "is_revoked!",
                  l.licence_number as "licence_number?", d.state as "package_state?"
           from public.order_items i
           left join public.entitlements e on e.order_item_id = i.id
           left join public.licences l on l.entitlement_id = e.id
           left join public.deliveries d on d.entitlement_id = e.id
           where i.buyer_id = $1 and i.order_id = any($2) order by i.id"#,
        buyer_id as UserId,
        &ids,
    )
    .fetch_all(tx)
    .await
}

/// A page of a buyer's entitlements, newest first: (entitlement, since when, order).
pub(super) async fn entitled(
    tx: &mut PgConnection,
    buyer_id: UserId,
    request: &PageRequest,
) -> Result<Vec<(EntitlementId, OffsetDateTime, OrderId)>, DatabaseError> {
    let (at, id) = start(request);
    let rows = sqlx::query!(
        r#"select e.id as "id: EntitlementId", e.granted_at, i.order_id as "order_id: OrderId"
           from public.entitlements e join public.order_items i on i.id = e.order_item_id
           where e.buyer_id = $1 and e.revoked_at is null and (e.granted_at, e.id) < ($2, $3)
           order by e.granted_at desc, e.id desc limit $4"#,
        buyer_id as UserId,
        at,
        id,
        request.fetch_limit(),
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.granted_at, row.order_id)).collect())
}

/// The package of an entitlement.
pub(super) struct Download {
    pub is_revoked: bool,
    /// The buyer's bank took the money back.
    pub is_charged_back: bool,
    pub is_ready: bool,
    pub package_key: StorageKey,
    pub licence_number: String,
}

pub(super) async fn download(
    tx: &mut PgConnection,
    buyer_id: UserId,
    id: EntitlementId,
) -> Result<Option<Download>, DatabaseError> {
    sqlx::query_as!(
        Download,
        r#"select e.revoked_at is not null as "is_revoked!",
                  exists (select from public.order_items i join public.payments p on p.order_id = i.order_id
                            join public.disputes q on q.payment_id = p.id
                           where i.id = e.order_item_id and q.state = 'lost') as "is_charged_back!",
                  d.state = 'ready' as "is_ready!",
                  d.package_key as "package_key: StorageKey", l.licence_number
           from public.entitlements e
           join public.deliveries d on d.entitlement_id = e.id
           join public.licences l on l.entitlement_id = e.id
           where e.id = $2 and e.buyer_id = $1"#,
        buyer_id as UserId,
        id as EntitlementId,
    )
    .fetch_optional(tx)
    .await
}

/// Records that the buyer cancelled the order; false when it is not pending any more. For the platform.
pub(super) async fn mark_cancelled(
    tx: &mut PgConnection,
    buyer_id: UserId,
    id: OrderId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.orders set cancelled_by_buyer = true, updated_at = $3
           where id = $2 and buyer_id = $1 and status = 'pending'"#,
        buyer_id as UserId,
        id as OrderId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The latest order by which a buyer is entitled to a product.
pub(super) async fn order_that_bought(
    tx: &mut PgConnection,
    buyer_id: UserId,
    id: ProductId,
) -> Result<Option<OrderId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select i.order_id as "id: OrderId" from public.order_items i
           join public.entitlements e on e.order_item_id = i.id and e.revoked_at is null
           where i.buyer_id = $1 and i.product_id = $2 order by e.granted_at desc limit 1"#,
        buyer_id as UserId,
        id as ProductId,
    )
    .fetch_optional(tx)
    .await
}
