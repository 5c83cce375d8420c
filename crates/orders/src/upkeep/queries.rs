//! The SQL of upkeep.

use kernel::{OrderId, OrderItemId, PaymentId, ProductVersionId, UserId};
use payments::DisputeState;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Pending orders that expired before `moment` and have no payment in progress.
pub(super) async fn unpaid_since(tx: &mut PgConnection, moment: OffsetDateTime) -> Result<Vec<OrderId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select o.id as "id: OrderId" from public.orders o
           left join public.payments p on p.purpose = 'order' and p.reference_id = o.id
           where o.status = 'pending' and o.expires_at < $1
             and (p.id is null or p.status in ('failed', 'expired') or (p.status = 'pending' and p.expires_at < $1))
           order by o.expires_at limit 200"#,
        moment,
    )
    .fetch_all(tx)
    .await
}

/// Payments that were captured or refunded before `moment` without an effect on their orders.
pub(super) async fn payments_without_effect(
    tx: &mut PgConnection,
    moment: OffsetDateTime,
) -> Result<Vec<PaymentId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select p.id as "id!: PaymentId" from public.payments p
           join public.orders o on o.id = p.order_id
           where p.status = 'captured' and p.updated_at < $1 and not o.unfulfillable
             and o.status in ('pending', 'failed', 'cancelled', 'expired')
           union all
           select p.id from public.payments p
           join public.orders o on o.id = p.order_id
           where p.status = 'refunded' and p.updated_at < $1 and o.status <> 'refunded'
           limit 200"#,
        moment,
    )
    .fetch_all(tx)
    .await
}

/// A disputed sale of which the seller has no mail about the state of the dispute.
pub(super) struct DisputedSale {
    pub dispute_id: Uuid,
    pub state: DisputeState,
    pub item_id: OrderItemId,
    pub seller_id: UserId,
    pub order_number: String,
    pub version_id: ProductVersionId,
}

/// The dedupe key of such a mail in the outbox; the query below has the same.
pub(super) fn dispute_mail_key(dispute: &DisputedSale) -> String {
    format!("dispute/{}/{}/{}", dispute.dispute_id, dispute.state.as_str(), dispute.item_id)
}

/// Sales whose money was withdrawn, or whose dispute ended, since `moment`, and whose sellers have no mail about it.
pub(super) async fn disputes_to_notify(
    tx: &mut PgConnection,
    moment: OffsetDateTime,
) -> Result<Vec<DisputedSale>, DatabaseError> {
    sqlx::query_as!(
        DisputedSale,
        r#"select d.id as dispute_id, d.state as "state: DisputeState", i.id as "item_id: OrderItemId",
                  i.seller_id as "seller_id: UserId", o.order_number,
                  i.product_version_id as "version_id: ProductVersionId"
           from public.disputes d
           join public.payments p on p.id = d.payment_id
           join public.orders o on o.id = p.order_id
           join public.order_items i on i.order_id = o.id
           where d.state <> 'raised' and d.updated_at > $1
             and not exists (select from public.mails m
                             where m.dedupe_key = 'dispute/' || d.id || '/' || d.state || '/' || i.id)
           order by d.updated_at limit 100"#,
        moment,
    )
    .fetch_all(tx)
    .await
}
