//! The SQL of checkout.

use catalog::products::CurrentOffer;
use kernel::{Ctx, OrderId, OrderItemId, ProductId, ProductVersionId, UserId, Yen};
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// The buyer's latest order of exactly this offer that can still be paid.
pub(super) async fn open_order(
    tx: &mut PgConnection,
    buyer_id: UserId,
    offer: &CurrentOffer,
    now: OffsetDateTime,
) -> Result<Option<OrderId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select o.id as "id: OrderId" from public.order_items i join public.orders o on o.id = i.order_id
           where i.buyer_id = $1 and i.product_id = $2 and i.product_version_id = $3 and i.unit_price_jpy = $4
             and o.status = 'pending' and not o.unfulfillable and o.expires_at > $5
           order by o.created_at desc limit 1"#,
        buyer_id as UserId,
        offer.product_id as ProductId,
        offer.version_id as ProductVersionId,
        offer.price as Yen,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Whether a buyer has a licence of a product that covers more than one project.
pub(super) async fn owns(tx: &mut PgConnection, buyer_id: UserId, id: ProductId) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (
             select from public.order_items i
             join public.entitlements e on e.order_item_id = i.id and e.revoked_at is null
             left join public.licences l on l.entitlement_id = e.id
             where i.buyer_id = $1 and i.product_id = $2 and l.license_type is distinct from 'single-use') as "owns!""#,
        buyer_id as UserId,
        id as ProductId,
    )
    .fetch_one(tx)
    .await
}

/// Makes the buyer's orders of a product follow one another, so that a double click is one order. Locked until the
/// transaction ends.
pub(super) async fn lock_products(tx: &mut PgConnection, buyer_id: UserId, id: ProductId) -> Result<(), DatabaseError> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("orders.checkout/{buyer_id}/{id}"))
        .fetch_one(tx)
        .await?;
    Ok(())
}

/// An order with its item.
pub(super) struct NewOrder<'a> {
    pub id: OrderId,
    pub item_id: OrderItemId,
    pub number: &'a str,
    pub buyer_id: UserId,
    pub offer: &'a CurrentOffer,
    pub expires_at: OffsetDateTime,
}

pub(super) async fn insert_order(ctx: &Ctx, tx: &mut PgConnection, new: &NewOrder<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.orders
             (id, buyer_id, order_number, total_amount_jpy, status, locale, expires_at, created_at, updated_at)
           values ($1, $2, $3, $4, 'pending', $5, $6, $7, $7)"#,
        new.id as OrderId,
        new.buyer_id as UserId,
        new.number,
        new.offer.price as Yen,
        ctx.locale.tag(),
        new.expires_at,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"insert into public.order_items
             (id, order_id, buyer_id, product_id, product_version_id, seller_id, unit_price_jpy,
              seller_share_basis_points, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"#,
        new.item_id as OrderItemId,
        new.id as OrderId,
        new.buyer_id as UserId,
        new.offer.product_id as ProductId,
        new.offer.version_id as ProductVersionId,
        new.offer.seller_id as UserId,
        new.offer.price as Yen,
        new.offer.seller_share_basis_points,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}
