//! The SQL of upkeep.

use kernel::{OrderId, OrderItemId, PaymentId, UserId};
use payments::DisputeState;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Orders that still wait although their time ended before `moment`, and whose money is not on its way.
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

/// Payments whose money came or went before `moment` although their orders stand as if it had not.
pub(super) async fn unheard_since(
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

/// A sale of which a seller has not yet been told that it is disputed, or how that ended.
pub(super) struct Untold {
    pub dispute_id: Uuid,
    pub state: DisputeState,
    pub item_id: OrderItemId,
    pub seller_id: UserId,
    pub order_number: String,
    pub title: String,
}

/// Under which name the outbox knows such a mail; the query below says the same.
pub(super) fn dispute_mail_key(untold: &Untold) -> String {
    format!("dispute/{}/{}/{}", untold.dispute_id, untold.state.as_str(), untold.item_id)
}

/// Sales whose money was withdrawn, or whose dispute ended, since `moment`, and whose sellers do not know it.
pub(super) async fn untold_disputes(
    tx: &mut PgConnection,
    moment: OffsetDateTime,
) -> Result<Vec<Untold>, DatabaseError> {
    sqlx::query_as!(
        Untold,
        r#"select d.id as dispute_id, d.state as "state: DisputeState", i.id as "item_id: OrderItemId",
                  i.seller_id as "seller_id: UserId", o.order_number,
                  coalesce(v.title_snapshot, pr.title) as "title!"
           from public.disputes d
           join public.payments p on p.id = d.payment_id
           join public.orders o on o.id = p.order_id
           join public.order_items i on i.order_id = o.id
           join public.products pr on pr.id = i.product_id
           left join public.product_versions v on v.id = i.product_version_id
           where d.state <> 'raised' and d.updated_at > $1
             and not exists (select from public.mails m
                             where m.dedupe_key = 'dispute/' || d.id || '/' || d.state || '/' || i.id)
           order by d.updated_at limit 100"#,
        moment,
    )
    .fetch_all(tx)
    .await
}
