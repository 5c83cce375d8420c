//! The SQL of checkout.

use kernel::{Ctx, OrderId, OrderItemId, ProductId, ProductVersionId, UserId, Yen};
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use catalog::products::{LicenseType, ProductStatus};

/// A product that somebody wants to buy.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub id: ProductId,
    pub seller_id: UserId,
    pub title: String,
    pub price: Yen,
    pub status: ProductStatus,
    pub listed: bool,
    pub version_id: ProductVersionId,
    pub license: Option<LicenseType>,
    pub seller_share_basis_points: i32,
}

/// A product that is or was published, as it is offered now.
pub(crate) async fn wanted(tx: &mut PgConnection, id: ProductId) -> Result<Option<Wanted>, DatabaseError> {
    sqlx::query_as!(
        Wanted,
        r#"select p.id as "id: ProductId", p.seller_id as "seller_id: UserId", p.title, p.price_yen as "price: Yen",
                  p.status as "status: ProductStatus", p.listed as "listed!", v.id as "version_id: ProductVersionId",
                  t.license_type as "license?: LicenseType", c.seller_share_basis_points
           from public.products p
           join public.product_versions v on v.product_id = p.id and v.version = p.current_version
           join public.commission_rules c on c.product_kind = p.kind
           left join public.design_terms t on t.product_id = p.id
           where p.id = $1 and p.status in ('active', 'paused', 'sold_out') and p.visibility <> 'private'"#,
        id as ProductId,
    )
    .fetch_optional(tx)
    .await
}

/// The buyer's open order of exactly this offer, when there is one that can still be paid.
pub(super) async fn open_order(
    tx: &mut PgConnection,
    buyer_id: UserId,
    wanted: &Wanted,
    now: OffsetDateTime,
) -> Result<Option<OrderId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select o.id as "id: OrderId" from public.order_items i join public.orders o on o.id = i.order_id
           where i.buyer_id = $1 and i.product_id = $2 and i.product_version_id = $3 and i.unit_price_jpy = $4
             and o.status = 'pending' and not o.unfulfillable and o.expires_at > $5
           order by o.created_at desc limit 1"#,
        buyer_id as UserId,
        wanted.id as ProductId,
        wanted.version_id as ProductVersionId,
        wanted.price as Yen,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Whether a person has a licence of a product that is good for more than one use.
pub(super) async fn owns(tx: &mut PgConnection, buyer_id: UserId, id: ProductId) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (
             select from public.order_items i
             join public.entitlements e on e.order_item_id = i.id and e.revoked_at is null
             join public.product_versions v on v.id = i.product_version_id
             where i.buyer_id = $1 and i.product_id = $2 and v.license_type is distinct from 'single-use') as "owns!""#,
        buyer_id as UserId,
        id as ProductId,
    )
    .fetch_one(tx)
    .await
}

/// Makes the buyer's orders of one product come one after the other, so that a double click is one order.
pub(super) async fn queue_up(tx: &mut PgConnection, buyer_id: UserId, id: ProductId) -> Result<(), DatabaseError> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("orders.checkout/{buyer_id}/{id}"),)
        .fetch_one(tx)
        .await?;
    Ok(())
}

/// An order to be written down.
pub(super) struct NewOrder<'a> {
    pub id: OrderId,
    pub item_id: OrderItemId,
    pub number: &'a str,
    pub buyer_id: UserId,
    pub wanted: &'a Wanted,
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
        new.wanted.price as Yen,
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
        new.wanted.id as ProductId,
        new.wanted.version_id as ProductVersionId,
        new.wanted.seller_id as UserId,
        new.wanted.price as Yen,
        new.wanted.seller_share_basis_points,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}
