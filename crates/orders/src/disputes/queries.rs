//! The SQL of what disputes do to entitlements.

use kernel::OrderId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// A paid order whose payment was disputed.
pub(super) struct DisputedOrder {
    pub lost_a_dispute: bool,
}

/// The order, which nobody else can change until the transaction ends; nothing unless it is paid. A refund has
/// revoked the entitlements already, and for good.
pub(super) async fn lock_paid_order(
    tx: &mut PgConnection,
    id: OrderId,
) -> Result<Option<DisputedOrder>, DatabaseError> {
    sqlx::query_as!(
        DisputedOrder,
        r#"select exists (select from public.disputes d join public.payments p on p.id = d.payment_id
                           where p.order_id = o.id and d.state = 'lost') as "lost_a_dispute!"
             from public.orders o where o.id = $1 and o.status = 'paid' for update of o"#,
        id as OrderId,
    )
    .fetch_optional(tx)
    .await
}

/// Revokes the entitlements of an order, and gives their number.
pub(super) async fn revoke(tx: &mut PgConnection, id: OrderId, now: OffsetDateTime) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.entitlements set revoked_at = $2 where revoked_at is null and order_item_id in
             (select id from public.order_items where order_id = $1)"#,
        id as OrderId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Restores what [`revoke`] revoked, and gives its number.
pub(super) async fn restore(tx: &mut PgConnection, id: OrderId) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.entitlements set revoked_at = null where revoked_at is not null and order_item_id in
             (select id from public.order_items where order_id = $1)"#,
        id as OrderId,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
