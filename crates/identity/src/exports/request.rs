//! Requests an export.

use kernel::{Ctx, SystemReason};
use platform::jobs::{Enqueue, enqueue_with};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem, audit};
use serde_json::json;
use time::Duration;

use super::model::{AccountExportId, BuildExport};
use super::queries;
use crate::sessions::proof::require_recent_proof;

/// Requests of one account, granted or not.
const REQUESTS: RateLimit = RateLimit { name: "account_exports", burst: 8, every: Duration::hours(6) };

/// Requests an export of the actor's account. A mail says when the file is ready.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `export_in_progress`, 429.
pub(super) async fn request_export(ctx: &Ctx, app: &App) -> Result<AccountExportId, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    rate_limits::take(ctx, app, REQUESTS, &user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let id: AccountExportId = ctx.new_id();
    if !queries::insert(&mut tx, id, user.user_id, ctx.now()).await? {
        return Err(Problem::conflict("export_in_progress"));
    }
    let options = Enqueue { owner_id: Some(user.user_id), ..Enqueue::default() };
    enqueue_with(ctx, &mut tx, &BuildExport { export_id: id }, options).await?;
    audit::record(ctx, &mut tx, "users.export", "user", Some(user.user_id.uuid()), &json!({})).await?;
    tx.commit().await?;
    Ok(id)
}
