//! Changes the password of a logged-in account.

use kernel::{Ctx, SystemReason};
use platform::{App, Problem, audit};
use serde_json::json;

use super::hash::hash_password;
use super::policy::NewPassword;
use super::queries::store_password;
use crate::emails::queue_email;
use crate::one_time_links::issue::revoke_links;
use crate::one_time_links::model::LinkPurpose;
use crate::reauthentication::prove::check_password;
use crate::second_factor::queries::factors;
use crate::sessions::caller::Caller;
use crate::sessions::lifecycle::{end_other_sessions, record_proof};
use crate::sessions::model::{Factor, StartedSession};
use crate::users::queries::account;

/// Replaces the password of the actor after checking the present one. Every other session ends. A cookie session gets a
/// new secret, which is returned.
///
/// # Errors
/// 422 with the field `currentPassword` or `password`, 429, 503.
pub(crate) async fn change_password(
    ctx: &Ctx,
    app: &App,
    caller: &Caller,
    current: &str,
    new: &str,
) -> Result<Option<StartedSession>, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    let has_second_factor = factors(&mut tx, user.user_id).await?.is_on();
    tx.commit().await?;
    let about = [account.email.as_str(), account.display_name.as_str()];
    let new_password = NewPassword { text: new, about: &about, has_second_factor };
    new_password.check().map_err(|error| Problem::invalid(vec![error]))?;
    check_password(ctx, app, caller, &account, current, "currentPassword").await?;
    let hash = hash_password(ctx.random(), new).await?;

    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    store_password(&mut tx, account.id, &hash, ctx.now()).await?;
    end_other_sessions(ctx, &mut tx, account.id, Some(user.session_id)).await?;
    revoke_links(ctx, &mut tx, account.id, &[LinkPurpose::Recovery, LinkPurpose::SetPassword]).await?;
    let session = record_proof(ctx, &mut tx, user.session_id, caller.kind, Factor::Password).await?;
    audit::record(ctx, &mut tx, "users.change_password", "user", Some(account.id.uuid()), &json!({})).await?;
    let key = format!("password-changed/{}", ctx.request_id);
    queue_email(ctx, &mut tx, &account, key, "password-changed", ui::Args::default()).await?;
    tx.commit().await?;
    Ok(session)
}
