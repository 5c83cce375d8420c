//! The SQL of settlement. Everything here runs as the platform.

use catalog::products::LicenseType;
use kernel::{Ctx, EntitlementId, OrderId, OrderItemId, ProductId, ProductVersionId, UserId, Yen};
use platform::DatabaseError;
use sqlx::PgConnection;

use super::model::{Item, ItemRow, Order};
use crate::delivery::model::DeliveryId;
use crate::status::OrderStatus;

/// Locks an order until the transaction ends.
pub(super) async fn lock_order(tx: &mut PgConnection, id: OrderId) -> Result<Option<Order>, DatabaseError> {
    sqlx::query_as!(
        Order,
        r#"select id as "id: OrderId", buyer_id as "buyer_id: UserId", order_number as number,
                  total_amount_jpy as "total: Yen", status as "status: OrderStatus", unfulfillable, cancelled_by_buyer,
                  locale
           from public.orders where id = $1 for update"#,
        id as OrderId,
    )
    .fetch_optional(tx)
    .await
}

/// The items of an order, in the order of their ids.
pub(super) async fn items(tx: &mut PgConnection, id: OrderId) -> Result<Vec<ItemRow>, DatabaseError> {
    sqlx::query_as!(
        ItemRow,
        r#"select id as "id: OrderItemId", product_id as "product_id: ProductId",
                  product_version_id as "version_id: ProductVersionId", seller_id as "seller_id: UserId",
                  unit_price_jpy as "price: Yen", seller_share_basis_points
           from public.order_items where order_id = $1 order by id"#,
        id as OrderId,
    )
    .fetch_all(tx)
    .await
}

/// Marks an order as paid.
pub(super) async fn mark_paid(ctx: &Ctx, tx: &mut PgConnection, id: OrderId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.orders set status = 'paid', paid_at = $2, updated_at = $2 where id = $1",
        id as OrderId,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends an order that was not paid.
pub(super) async fn mark_ended(
    ctx: &Ctx,
    tx: &mut PgConnection,
    id: OrderId,
    status: OrderStatus,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.orders set status = $2, updated_at = $3 where id = $1 and status = 'pending'",
        id as OrderId,
        status as OrderStatus,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends an order that was paid when its goods were no longer available.
pub(super) async fn mark_unfulfillable(ctx: &Ctx, tx: &mut PgConnection, id: OrderId) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.orders
           set unfulfillable = true, status = case when status = 'pending' then 'cancelled' else status end, updated_at = $2
           where id = $1"#,
        id as OrderId,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends an order whose whole payment was refunded, and revokes its entitlements.
pub(super) async fn mark_refunded(ctx: &Ctx, tx: &mut PgConnection, id: OrderId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.orders set status = 'refunded', refunded_at = $2, updated_at = $2 where id = $1",
        id as OrderId,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"update public.entitlements set revoked_at = $2 where revoked_at is null and order_item_id in
             (select id from public.order_items where order_id = $1)"#,
        id as OrderId,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What a buyer is given for one item.
pub(super) struct NewEntitlement<'a> {
    pub order: &'a Order,
    pub item: &'a Item,
    pub licence_number: &'a str,
    pub license: LicenseType,
    /// The licence's text, in the buyer's language.
    pub licence_text: &'a str,
    pub package_key: &'a str,
    pub picture_sha256: &'a [u8],
}

/// Records the entitlement, its licence and the package that is to be delivered, in one round trip.
pub(super) async fn grant_entitlement(
    ctx: &Ctx,
    tx: &mut PgConnection,
    new: &NewEntitlement<'_>,
) -> Result<DeliveryId, DatabaseError> {
    let (entitlement_id, delivery_id): (EntitlementId, DeliveryId) = (ctx.new_id(), ctx.new_id());
    sqlx::query!(
        r#"with entitlement as (
             insert into public.entitlements (id, buyer_id, order_item_id, product_version_id, granted_at)
             values ($1, $2, $3, $4, $5)
           ), licence as (
             insert into public.licences
               (entitlement_id, buyer_id, licence_number, license_type, terms_edition, locale, body_text, issued_at)
             values ($1, $2, $6, $7, $8, $9, $10, $5)
           )
           insert into public.deliveries
             (id, order_id, buyer_id, entitlement_id, state, package_key, picture_sha256, created_at)
           values ($11, $12, $2, $1, 'pending', $13, $14, $5)"#,
        entitlement_id as EntitlementId,
        new.order.buyer_id as UserId,
        new.item.row.id as OrderItemId,
        new.item.row.version_id as ProductVersionId,
        ctx.now(),
        new.licence_number,
        new.license as LicenseType,
        new.item.version.terms_edition,
        new.order.locale().tag(),
        new.licence_text,
        delivery_id as DeliveryId,
        new.order.id as OrderId,
        new.package_key,
        new.picture_sha256,
    )
    .execute(tx)
    .await?;
    Ok(delivery_id)
}
