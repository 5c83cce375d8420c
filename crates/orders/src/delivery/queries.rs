//! The SQL of delivery.

use kernel::{Ctx, ProductVersionId, UserId};
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{DeliveryId, PackingList};

/// What goes into the package of a delivery.
pub(super) async fn packing_list(tx: &mut PgConnection, id: DeliveryId) -> Result<Option<PackingList>, DatabaseError> {
    sqlx::query_as!(
        PackingList,
        r#"select d.state = 'ready' as "is_ready!", d.package_key as "package_key: StorageKey",
                  e.product_version_id as "version_id: ProductVersionId", d.picture_sha256,
                  l.body_text as licence_text, l.issued_at
           from public.deliveries d
           join public.entitlements e on e.id = d.entitlement_id
           join public.licences l on l.entitlement_id = e.id
           where d.id = $1"#,
        id as DeliveryId,
    )
    .fetch_optional(tx)
    .await
}

/// Records a package that is stored.
pub(super) async fn mark_ready(
    ctx: &Ctx,
    tx: &mut PgConnection,
    id: DeliveryId,
    sha256: &[u8],
    size_bytes: i64,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.deliveries set state = 'ready', sha256 = $2, size_bytes = $3, ready_at = $4
           where id = $1 and state <> 'ready'"#,
        id as DeliveryId,
        sha256,
        size_bytes,
        ctx.now(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Packages that were ordered before a moment and are not stored yet, with their buyers.
pub(crate) async fn overdue(
    tx: &mut PgConnection,
    before: OffsetDateTime,
) -> Result<Vec<(DeliveryId, UserId)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select id as "id: DeliveryId", buyer_id as "buyer_id: UserId" from public.deliveries
           where state = 'pending' and created_at < $1 order by created_at limit 100"#,
        before,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.buyer_id)).collect())
}
