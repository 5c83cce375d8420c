//! Requests and cancels a change of address.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem, Tx};
use time::Duration;
use ui::arg;

use super::model::{EmailChangeId, LINK_PURPOSES};
use super::queries;
use crate::emails::{queue_email, queue_email_to};
use crate::one_time_links::issue::{issue, issue_to, revoke_links};
use crate::one_time_links::model::LinkPurpose;
use crate::sessions::proof::require_recent_proof;
use crate::users::email::EmailAddress;
use crate::users::model::Account;
use crate::users::queries::{account, id_of_email};

/// Changes that one account may request.
const REQUESTS: RateLimit = RateLimit { name: "email_changes", burst: 3, every: Duration::minutes(20) };

/// Sends one link to the present address of the actor and one to the new address. An earlier change ends. When the new
/// address has an account, its owner gets a mail about that and the actor the same answer as always.
///
/// # Errors
/// 403 `reauthentication_required`, 422 with the field `email`, 429.
pub(super) async fn request_change(ctx: &Ctx, app: &App, new_email: &str) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    // Checked before the rate limit: a request without a proof is sent again after it and counts once.
    require_recent_proof(ctx, &mut tx).await?;
    tx.commit().await?;
    rate_limits::take(ctx, app, REQUESTS, &user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    send_links(ctx, &mut tx, app, new_email).await?;
    Ok(tx.commit().await?)
}

async fn send_links(ctx: &Ctx, tx: &mut Tx, app: &App, new_email: &str) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let email = EmailAddress::parse(new_email).map_err(|_| Problem::invalid_field("email", "invalid_email"))?;
    let account = account(tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    if account.email == email.as_str() {
        return Err(Problem::invalid_field("email", "same_email"));
    }
    end_pending(ctx, tx, &account).await?;
    let id: EmailChangeId = ctx.new_id();
    let expires_at = ctx.now() + LinkPurpose::ChangeEmailNew.lifetime();
    queries::insert(tx, id, account.id, email.as_str(), ctx.now(), expires_at).await?;
    let old = issue(ctx, tx, account.id, LinkPurpose::ChangeEmailOld).await?;
    let args = arg("link", old.absolute(&app.config)).arg("email", &email);
    queue_email(ctx, tx, &account, format!("email-change/{id}/old"), "email-change-old", args).await?;
    let key = format!("email-change/{id}/new");
    if id_of_email(tx, &email).await?.is_some() {
        let args = ui::Args::default();
        queue_email_to(ctx, tx, &account, email.as_str(), key, "email-change-taken", args).await?;
        return Ok(());
    }
    let new = issue_to(ctx, tx, account.id, LinkPurpose::ChangeEmailNew, &email).await?;
    let args = arg("link", new.absolute(&app.config));
    queue_email_to(ctx, tx, &account, email.as_str(), key, "email-change-new", args).await?;
    Ok(())
}

/// Cancels the pending change of the actor.
///
/// # Errors
/// 401 when nobody is logged in.
pub(super) async fn cancel_change(ctx: &Ctx, app: &App) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    end_pending(ctx, &mut tx, &account).await?;
    Ok(tx.commit().await?)
}

async fn end_pending(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<(), Problem> {
    queries::end(tx, account.id, ctx.now()).await?;
    Ok(revoke_links(ctx, tx, account.id, &LINK_PURPOSES).await?)
}
