//! The SQL of views.

use std::collections::BTreeMap;

use kernel::ProductId;
use platform::DatabaseError;
use sqlx::PgConnection;
use uuid::Uuid;

/// Adds views to the counters of products, and gives the products that were written: neither those whose counters are
/// locked nor those that do not exist.
pub(super) async fn add(
    tx: &mut PgConnection,
    counted: &BTreeMap<ProductId, u64>,
) -> Result<Vec<ProductId>, DatabaseError> {
    let products: Vec<Uuid> = counted.keys().map(|id| id.uuid()).collect();
    let views: Vec<i64> = counted.values().map(|views| i64::try_from(*views).unwrap_or(i64::MAX / 2)).collect();
    sqlx::query_scalar!(
        r#"with seen as (
             select * from unnest($1::uuid[], $2::bigint[]) as seen (product_id, views)
           ), free as materialized (
             select c.product_id as id from public.product_counters c join seen on seen.product_id = c.product_id
             order by c.product_id for no key update of c skip locked
           )
           update public.product_counters c
           set view_count = least(c.view_count::bigint + seen.views, 2147483647)::integer
           from free join seen on seen.product_id = free.id
           where c.product_id = free.id
           returning c.product_id as "id: ProductId""#,
        &products,
        &views,
    )
    .fetch_all(tx)
    .await
}
