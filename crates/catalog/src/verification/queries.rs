//! The SQL of verification.

use kernel::ProductId;
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use uuid::Uuid;

use super::files::StoredFile;
use crate::products::model::LineageId;

/// Products that are for sale although an exclusive licence of their lineage is sold: (product, detail).
pub(super) async fn exclusive_still_offered(
    tx: &mut PgConnection,
    limit: i64,
) -> Result<Vec<(String, String)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select p.id::text as "subject!", 'is ' || p.status as "detail!"
           from public.products p join public.design_lineages l on l.id = p.lineage_id
           where p.status = 'active' and l.exclusive_state = 'sold' limit $1"#,
        limit,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.detail)).collect())
}

/// Lineages whose count of sold licences is not that of their products: (lineage, detail).
pub(super) async fn lineage_counter_differs(
    tx: &mut PgConnection,
    limit: i64,
) -> Result<Vec<(String, String)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select l.id::text as "subject!", 'counts ' || l.licences_sold || ' sold, its products ' || s.sold as "detail!"
           from public.design_lineages l
           cross join lateral (select coalesce(sum(t.total_sold), 0) as sold
                                 from public.products p join public.design_terms t on t.product_id = p.id
                                where p.lineage_id = l.id) as s
           where l.licences_sold <> s.sold limit $1"#,
        limit,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.detail)).collect())
}

/// What the terms of a design count as sold and reserved.
#[derive(Clone, Copy, Debug)]
pub struct CountedLicences {
    /// The product.
    pub product_id: ProductId,
    /// Licences that are sold.
    pub sold: i32,
    /// Licences that are reserved.
    pub reserved: i32,
}

/// What is counted of designs, in the order of their ids, a page at a time.
///
/// # Errors
/// When the database does not answer.
pub async fn counted_after(
    tx: &mut PgConnection,
    after: Option<ProductId>,
    limit: i64,
) -> Result<Vec<CountedLicences>, DatabaseError> {
    sqlx::query_as!(
        CountedLicences,
        r#"select product_id as "product_id: ProductId", total_sold as sold, total_reserved as reserved
           from public.design_terms where $1::uuid is null or product_id > $1 order by product_id limit $2"#,
        after.map(ProductId::uuid),
        limit,
    )
    .fetch_all(tx)
    .await
}

/// Those of some lineages that are sold exclusively.
///
/// # Errors
/// When the database does not answer.
pub async fn sold_exclusively(tx: &mut PgConnection, ids: &[LineageId]) -> Result<Vec<LineageId>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar!(
        r#"select id as "id: LineageId" from public.design_lineages where id = any($1) and exclusive_state = 'sold'"#,
        &ids,
    )
    .fetch_all(tx)
    .await
}

/// Originals in the order of their assets' ids, a page at a time.
pub(super) async fn originals_after(
    tx: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<StoredFile>, DatabaseError> {
    sqlx::query_as!(
        StoredFile,
        r#"select id, storage_key as "storage_key!: StorageKey", sha256 from public.product_assets
           where storage_key is not null and ($1::uuid is null or id > $1) order by id limit $2"#,
        after,
        limit,
    )
    .fetch_all(tx)
    .await
}
