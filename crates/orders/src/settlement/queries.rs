//! The SQL of settlement. Everything here runs as the platform.

use kernel::{Ctx, EntitlementId, GenerationId, OrderId, OrderItemId, ProductId, ProductVersionId, UserId, Yen};
use platform::DatabaseError;
use sqlx::PgConnection;

use super::facts::{Item, Order};
use crate::checkout::OrderStatus;
use crate::delivery::DeliveryId;
use catalog::products::{LicenseType, LineageId};

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

pub(super) async fn items(tx: &mut PgConnection, id: OrderId) -> Result<Vec<Item>, DatabaseError> {
    sqlx::query_as!(
        Item,
        r#"select i.id as "id: OrderItemId", i.product_id as "product_id: ProductId",
                  i.product_version_id as "version_id: ProductVersionId", i.seller_id as "seller_id: UserId",
                  i.unit_price_jpy as "price: Yen", i.seller_share_basis_points, v.title_snapshot as title,
                  v.prompt_snapshot as prompt, v.made_with, v.license_type as "license: LicenseType",
                  v.license_terms_edition as terms_edition, p.slug, p.generation_id as "generation_id: GenerationId",
                  (select a.sha256 from public.product_assets a
                    where a.product_version_id = v.id and a.kind = 'image' order by a.id limit 1) as picture_sha256
           from public.order_items i
           join public.product_versions v on v.id = i.product_version_id
           join public.products p on p.id = i.product_id
           where i.order_id = $1 order by i.id"#,
        id as OrderId,
    )
    .fetch_all(tx)
    .await
}

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

/// The order ends without goods.
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

/// The money came and the goods are gone.
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

/// What a buyer is given for one line.
pub(super) struct HandedOver<'a> {
    pub order: &'a Order,
    pub item: &'a Item,
    /// The licence's number.
    pub number: &'a str,
    pub license: LicenseType,
    /// The licence's text, in the buyer's language.
    pub body_text: &'a str,
    pub package_key: &'a str,
    pub picture_sha256: &'a [u8],
}

/// Writes down the right, its paper and the package to be delivered, in one round trip.
pub(super) async fn hand_over(
    ctx: &Ctx,
    tx: &mut PgConnection,
    handed: &HandedOver<'_>,
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
        handed.order.buyer_id as UserId,
        handed.item.id as OrderItemId,
        handed.item.version_id as ProductVersionId,
        ctx.now(),
        handed.number,
        handed.license as LicenseType,
        handed.item.terms_edition,
        handed.order.locale().tag(),
        handed.body_text,
        delivery_id as DeliveryId,
        handed.order.id as OrderId,
        handed.package_key,
        handed.picture_sha256,
    )
    .execute(tx)
    .await?;
    Ok(delivery_id)
}

/// Nothing is left of a product.
pub(super) async fn mark_sold_out(ctx: &Ctx, tx: &mut PgConnection, id: ProductId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.products set status = 'sold_out', updated_at = $2 where id = $1 and status in ('active', 'paused')",
        id as ProductId,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Every listing of a lineage ends, because one of them was sold exclusively.
pub(super) async fn retire_lineage(
    ctx: &Ctx,
    tx: &mut PgConnection,
    lineage_id: LineageId,
    order_id: OrderId,
) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.products set status = 'sold_out', retired_by_order_id = $2, updated_at = $3
           where lineage_id = $1 and status in ('active', 'paused')"#,
        lineage_id as LineageId,
        order_id as OrderId,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Exclusive offers of a lineage are taken out, because somebody has another licence now.
pub(super) async fn pause_exclusive_offers(
    ctx: &Ctx,
    tx: &mut PgConnection,
    lineage_id: LineageId,
) -> Result<Vec<GenerationId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"update public.products p set status = 'paused', updated_at = $2
           from public.design_terms t
           where p.lineage_id = $1 and p.status = 'active' and t.product_id = p.id and t.license_type = 'exclusive'
           returning p.generation_id as "id!: GenerationId""#,
        lineage_id as LineageId,
        ctx.now(),
    )
    .fetch_all(tx)
    .await
}
