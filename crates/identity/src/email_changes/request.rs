//! Somebody wants another address.

use kernel::Ctx;
use platform::{App, Problem, Tx};
use ui::arg;

use super::model::EmailChangeId;
use super::queries;
use crate::emails;
use crate::one_time_links::{LinkPurpose, issue, issue_to, revoke_all};
use crate::sessions::require_recent_proof;
use crate::users::{self, Account, EmailAddress};

/// The links of a change of address.
pub(super) const BOTH: [LinkPurpose; 2] = [LinkPurpose::ChangeEmailOld, LinkPurpose::ChangeEmailNew];

/// Sends a link to the present address and one to the other, in a transaction of the platform. An earlier wish ends. Where
/// the other address has an account already, its owner is told so by mail, and whoever asks is told nothing.
///
/// # Errors
/// 403 `reauthentication_required`, 422 for what is no other address.
pub async fn request(ctx: &Ctx, tx: &mut Tx, app: &App, new_email: &str) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    require_recent_proof(ctx, tx).await?;
    let email = EmailAddress::parse(new_email).map_err(|_| Problem::invalid_field("email", "invalid_email"))?;
    let account = users::account(tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    if account.email == email.as_str() {
        return Err(Problem::invalid_field("email", "same_email"));
    }
    end_open(ctx, tx, &account).await?;
    let id: EmailChangeId = ctx.new_id();
    let expires_at = ctx.now() + LinkPurpose::ChangeEmailNew.lifetime();
    queries::insert(tx, id, account.id, email.as_str(), ctx.now(), expires_at).await?;
    let old = issue(ctx, tx, account.id, LinkPurpose::ChangeEmailOld).await?;
    let args = arg("link", old.absolute(&app.config)).arg("email", &email);
    emails::post(ctx, tx, &account, format!("email-change/{id}/old"), "email-change-old", args).await?;
    if users::id_of_email(tx, &email).await?.is_some() {
        let key = format!("email-change/{id}/new");
        emails::post_to(ctx, tx, &account, email.as_str(), key, "email-change-taken", ui::Args::default()).await?;
        return Ok(());
    }
    let new = issue_to(ctx, tx, account.id, LinkPurpose::ChangeEmailNew, &email).await?;
    let args = arg("link", new.absolute(&app.config));
    let key = format!("email-change/{id}/new");
    emails::post_to(ctx, tx, &account, email.as_str(), key, "email-change-new", args).await?;
    Ok(())
}

/// Ends the wish for another address, in a transaction of the platform.
///
/// # Errors
/// 401 when nobody is logged in.
pub async fn cancel(ctx: &Ctx, tx: &mut Tx) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let account = users::account(tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    end_open(ctx, tx, &account).await
}

async fn end_open(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<(), Problem> {
    queries::end(tx, account.id, ctx.now()).await?;
    Ok(revoke_all(ctx, tx, account.id, &BOTH).await?)
}
