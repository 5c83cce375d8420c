//! The SQL of asset uses.

use kernel::{Ctx, UserId};
use platform::{DatabaseError, Tx};

use super::model::{Asset, AssetUse, AssetUser, AssetUserKind};

/// `user` uses `asset` from now on. False when it did already. For an upload, call
/// [`uploads::lock`](crate::uploads::lock) before, in the same transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn add(
    ctx: &Ctx,
    tx: &mut Tx,
    owner_id: UserId,
    asset: Asset,
    user: AssetUser,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.asset_uses (asset_kind, asset_id, used_by_kind, used_by_id, owner_id, created_at)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing"#,
        asset.kind(),
        asset.id(),
        user.kind as AssetUserKind,
        user.id,
        owner_id as UserId,
        ctx.now(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `user` no longer uses `asset`. False when it did not. An upload that nothing uses now is kept for as many days more
/// as an unused one is.
///
/// # Errors
/// When the database does not answer.
pub async fn remove(ctx: &Ctx, tx: &mut Tx, asset: Asset, user: AssetUser) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"delete from public.asset_uses
           where asset_kind = $1 and asset_id = $2 and used_by_kind = $3 and used_by_id = $4"#,
        asset.kind(),
        asset.id(),
        user.kind as AssetUserKind,
        user.id,
    )
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    keep_anew(ctx, tx, &[asset]).await?;
    Ok(true)
}

/// `user` uses nothing any more; gives back what it used.
///
/// # Errors
/// When the database does not answer.
pub async fn remove_all(ctx: &Ctx, tx: &mut Tx, user: AssetUser) -> Result<Vec<Asset>, DatabaseError> {
    let rows = sqlx::query!(
        "delete from public.asset_uses where used_by_kind = $1 and used_by_id = $2 returning asset_kind, asset_id",
        user.kind as AssetUserKind,
        user.id,
    )
    .fetch_all(&mut **tx)
    .await?;
    let assets: Vec<Asset> = rows.into_iter().map(|row| Asset::of(&row.asset_kind, row.asset_id)).collect();
    keep_anew(ctx, tx, &assets).await?;
    Ok(assets)
}

async fn keep_anew(ctx: &Ctx, tx: &mut Tx, assets: &[Asset]) -> Result<(), DatabaseError> {
    let uploads: Vec<_> = assets.iter().filter(|asset| matches!(asset, Asset::Upload(_))).map(|one| one.id()).collect();
    if uploads.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"update public.uploads set expires_at = greatest(expires_at, $2::timestamptz + kept_days * interval '24 hours')
           where id = any($1) and kept_days is not null and not app.asset_is_used('upload', id)"#,
        &uploads,
        ctx.now(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What uses a picture, the first of them first; at most 100.
///
/// # Errors
/// When the database does not answer.
pub async fn uses_of(tx: &mut Tx, asset: Asset) -> Result<Vec<AssetUse>, DatabaseError> {
    sqlx::query_as!(
        AssetUse,
        r#"select used_by_kind as "kind: AssetUserKind", used_by_id as id, created_at as since from public.asset_uses
           where asset_kind = $1 and asset_id = $2 order by created_at, used_by_id limit 100"#,
        asset.kind(),
        asset.id(),
    )
    .fetch_all(&mut **tx)
    .await
}

/// Whether anything uses a picture.
///
/// # Errors
/// When the database does not answer.
pub async fn is_used(tx: &mut Tx, asset: Asset) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(r#"select app.asset_is_used($1, $2) as "is_used!""#, asset.kind(), asset.id())
        .fetch_one(&mut **tx)
        .await
}
