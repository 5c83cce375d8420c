//! The SQL of verification.

use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use uuid::Uuid;

use super::files::StoredFile;

/// Products that are for sale although an exclusive licence of their lineage is sold: (product, detail).
pub(super) async fn exclusive_still_offered(
    tx: &mut PgConnection,
    limit: i64,
) -> Result<Vec<(String, String)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select p.id::text as "subject!", 'is ' || p.status as "detail!" from public.products p
           where p.status = 'active' and exists (select from public.reservations r
             where r.lineage_id = p.lineage_id and r.is_exclusive and r.state = 'sold') limit $1"#,
        limit,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.detail)).collect())
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
