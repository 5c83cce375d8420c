//! The SQL of upkeep.

use kernel::OrderId;
use platform::DatabaseFault;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Orders that still wait although their time ended before `moment`, and whose money is not on its way.
pub(super) async fn unpaid_since(tx: &mut PgConnection, moment: OffsetDateTime) -> Result<Vec<OrderId>, DatabaseFault> {
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
