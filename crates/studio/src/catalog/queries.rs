//! The SQL of the sample pictures.

use kernel::PageRequest;
use platform::DatabaseError;
use platform::storage::{StorageKey, StoredFile};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// A sample picture.
#[derive(Clone, Debug)]
pub(crate) struct CatalogFile {
    pub id: Uuid,
    pub storage_key: StorageKey,
    pub size_bytes: i64,
    pub modified_at: OffsetDateTime,
}

/// A part of the catalogue, newest first.
pub(crate) async fn page(tx: &mut PgConnection, request: &PageRequest) -> Result<Vec<CatalogFile>, DatabaseError> {
    sqlx::query_as!(
        CatalogFile,
        r#"select id, storage_key as "storage_key: StorageKey", size_bytes, modified_at from public.catalog_files
           where $1::timestamptz is null or (modified_at, id) < ($1, $2::uuid)
           order by modified_at desc, id desc limit $3"#,
        request.after.map(|cursor| cursor.at),
        request.after.map(|cursor| cursor.id),
        request.fetch_limit(),
    )
    .fetch_all(tx)
    .await
}

/// Every key that is known.
pub(crate) async fn keys(tx: &mut PgConnection) -> Result<Vec<StorageKey>, DatabaseError> {
    sqlx::query_scalar!(r#"select storage_key as "storage_key: StorageKey" from public.catalog_files"#)
        .fetch_all(tx)
        .await
}

/// Adds a file; one that another worker has added is left alone.
pub(crate) async fn insert(tx: &mut PgConnection, id: Uuid, file: &StoredFile) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.catalog_files (id, storage_key, size_bytes, modified_at) values ($1, $2, $3, $4)
           on conflict (storage_key) do nothing"#,
        id,
        file.key.as_str(),
        i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
        file.modified_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Drops files that are gone.
pub(crate) async fn delete(tx: &mut PgConnection, gone: &[&StorageKey]) -> Result<(), DatabaseError> {
    let gone: Vec<String> = gone.iter().map(|key| key.as_str().to_owned()).collect();
    sqlx::query!("delete from public.catalog_files where storage_key = any($1)", &gone).execute(tx).await?;
    Ok(())
}
