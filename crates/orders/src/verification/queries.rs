//! The rules as SQL: each selects what violates it, as (subject, detail).

use catalog::products::LineageId;
use catalog::verification::StoredFile;
use kernel::ProductId;
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use uuid::Uuid;

/// Code and statement. The statements have no parameters but the limit.
pub(super) const RULES: [(&str, &str); 9] = [
    (
        "payment_without_sale",
        "select p.id::text, 'the order is ' || o.status
           from public.payments p join public.orders o on o.id = p.order_id
          where p.status in ('captured', 'partially_refunded') and o.status <> 'paid' and not o.unfulfillable
            and not exists (select from public.jobs j where j.name = 'orders.settle_order'
                             and j.state in ('queued', 'running') and j.payload ->> 'referenceId' = o.id::text)
          limit $1",
    ),
    (
        "order_without_payment",
        "select o.id::text, 'paid without money' from public.orders o
          where o.status = 'paid' and o.total_amount_jpy > 0
            and not exists (select from public.payments p where p.order_id = o.id and p.captured_at is not null)
          limit $1",
    ),
    (
        "order_without_ledger_sale",
        "select o.id::text, 'no sale on the ledger' from public.orders o
          where o.status = 'paid' and o.total_amount_jpy > 0
            and not exists (select from public.ledger_transfers t where t.order_id = o.id and t.kind = 'sale')
          limit $1",
    ),
    (
        "ledger_sale_without_order",
        "select t.id::text, 'the order is ' || coalesce(o.status, 'unknown')
           from public.ledger_transfers t left join public.orders o on o.id = t.order_id
          where t.kind = 'sale' and coalesce(o.status, '') not in ('paid', 'refunded') limit $1",
    ),
    (
        "sale_without_entitlement",
        "select i.id::text, 'order ' || o.order_number
           from public.order_items i join public.orders o on o.id = i.order_id
           left join public.entitlements e on e.order_item_id = i.id
          where o.status = 'paid' and (e.id is null or e.revoked_at is not null
            and not exists (select from public.payments p join public.disputes d on d.payment_id = p.id
                             where p.order_id = o.id and d.state = 'lost')) limit $1",
    ),
    (
        // A job revokes entitlements; while one is queued, nothing is wrong yet.
        "entitlement_after_lost_dispute",
        "select e.id::text, 'order ' || o.order_number
           from public.disputes d join public.payments p on p.id = d.payment_id
           join public.orders o on o.id = p.order_id and o.status = 'paid'
           join public.order_items i on i.order_id = o.id
           join public.entitlements e on e.order_item_id = i.id and e.revoked_at is null
          where d.state = 'lost' and not exists (select from public.jobs j
            where j.name = 'orders.order_disputed' and j.state in ('queued', 'running')) limit $1",
    ),
    (
        "entitlement_without_sale",
        "select e.id::text, 'order ' || o.order_number || ' is ' || o.status
           from public.entitlements e join public.order_items i on i.id = e.order_item_id
           join public.orders o on o.id = i.order_id
          where e.revoked_at is null and o.status <> 'paid' limit $1",
    ),
    (
        "entitlement_without_licence_or_delivery",
        "select e.id::text, 'granted ' || e.granted_at::text from public.entitlements e
          where not exists (select from public.licences l where l.entitlement_id = e.id)
             or not exists (select from public.deliveries d where d.entitlement_id = e.id) limit $1",
    ),
    (
        "sold_differs_from_entitlements",
        "select r.order_item_id::text, 'stock is ' || r.state from public.reservations r
           left join public.entitlements e on e.order_item_id = r.order_item_id
          where (r.state = 'sold') <> (e.id is not null) limit $1",
    ),
];

/// What violates a rule.
pub(super) async fn violations(
    tx: &mut PgConnection,
    rule: &'static str,
    limit: i64,
) -> Result<Vec<(String, String)>, DatabaseError> {
    sqlx::query_as(rule).bind(limit).fetch_all(tx).await
}

/// Packages in the order of their deliveries' ids, a page at a time.
pub(super) async fn packages_after(
    tx: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<StoredFile>, DatabaseError> {
    sqlx::query_as!(
        StoredFile,
        r#"select id, package_key as "storage_key!: StorageKey", sha256 as "sha256!" from public.deliveries
           where state = 'ready' and ($1::uuid is null or id > $1) order by id limit $2"#,
        after,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// Products with the licences that are reserved and sold of them, of some products: (product, sold, reserved).
pub(super) async fn reserved_of(
    tx: &mut PgConnection,
    ids: &[ProductId],
) -> Result<Vec<(ProductId, i64, i64)>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select product_id as "id: ProductId", count(*) filter (where state = 'sold') as "sold!",
                  count(*) filter (where state = 'reserved') as "reserved!"
           from public.reservations where product_id = any($1) group by product_id"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.sold, row.reserved)).collect())
}

/// The lineages of which an exclusive licence is sold, in the order of their ids, a page at a time.
pub(super) async fn exclusive_sales_after(
    tx: &mut PgConnection,
    after: Option<LineageId>,
    limit: i64,
) -> Result<Vec<LineageId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exclusive_lineage_id as "id!: LineageId" from public.reservations
           where exclusive_lineage_id is not null and state = 'sold'
             and ($1::uuid is null or exclusive_lineage_id > $1) order by exclusive_lineage_id limit $2"#,
        after.map(LineageId::uuid),
        limit,
    )
    .fetch_all(tx)
    .await
}
