//! Signs the URL of an export's file.

use kernel::{Ctx, SystemReason, UserId};
use platform::storage::StorageKey;
use platform::{App, Problem};
use time::Duration;

use super::model::AccountExportId;
use super::queries;

/// How long a signed URL works.
pub(super) const URL_LIFETIME: Duration = Duration::minutes(5);

/// A signed URL of the file, which works for [`URL_LIFETIME`].
///
/// # Errors
/// 404 when the account has no such file.
pub(super) async fn sign_url(ctx: &Ctx, app: &App, user_id: UserId, id: AccountExportId) -> Result<String, Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let key = queries::ready_key(&mut tx, user_id, id, ctx.now()).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    let key = StorageKey::new(key).map_err(Problem::internal)?;
    Ok(app.storage.signed_url(ctx, &key, URL_LIFETIME, Some("machiya-data.zip")).await?)
}
