//! The SQL of views.

use std::collections::BTreeMap;

use kernel::ProductId;
use platform::DatabaseError;
use sqlx::PgConnection;
use uuid::Uuid;

/// Adds views to products and gives those that took them: neither those that are locked nor those that are gone.
///
/// `updated_at` stays: nothing about the product has changed.
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
             select p.id from public.products p join seen on seen.product_id = p.id
             order by p.id for no key update of p skip locked
           )
           update public.products p
           set view_count = least(p.view_count::bigint + seen.views, 2147483647)::integer
           from free join seen on seen.product_id = free.id
           where p.id = free.id
           returning p.id as "id: ProductId""#,
        &products,
        &views,
    )
    .fetch_all(tx)
    .await
}
