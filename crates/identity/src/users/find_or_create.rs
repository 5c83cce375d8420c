//! Finds the account of a mail address, or creates one without a password.

use kernel::{Ctx, Locale, Role, UserId};
use platform::{DatabaseError, Tx, audit};
use serde_json::json;

use super::email::EmailAddress;
use super::model::DISPLAY_NAME_CHARS_MAX;
use super::queries;

/// The account of `email` and whether this call created it, in a transaction of the platform. A new account has no
/// password and no verified address; a one-time link for [`LinkPurpose::SetPassword`] gives it both. Of two concurrent
/// calls one creates the account and the other finds it.
///
/// An existing account with an unverified address may belong to somebody who does not own the address. Such an account
/// gets the same link ([`super::Account::is_verified`]); using it ends everything that was set up before.
///
/// [`LinkPurpose::SetPassword`]: crate::one_time_links::LinkPurpose::SetPassword
///
/// # Errors
/// When the database fails.
pub async fn find_or_create_by_email(
    ctx: &Ctx,
    tx: &mut Tx,
    email: &EmailAddress,
    display_name: &str,
    locale: Locale,
) -> Result<(UserId, bool), DatabaseError> {
    if let Some(id) = queries::id_of_email(tx, email).await? {
        return Ok((id, false));
    }
    let id: UserId = ctx.new_id();
    let name = platform::text::clean_line(display_name, DISPLAY_NAME_CHARS_MAX);
    let name = name.unwrap_or_else(|_| default_name(locale).to_owned());
    if queries::insert(tx, id, email, &name, Role::User, locale, ctx.now()).await? {
        audit::record(ctx, tx, "users.create", "user", Some(id.uuid()), &json!({})).await?;
        return Ok((id, true));
    }
    // A concurrent call created it and has committed; otherwise the insert would still wait.
    let id = queries::id_of_email(tx, email).await?.ok_or(DatabaseError::RowNotFound)?;
    Ok((id, false))
}

/// The display name until its owner chooses one.
pub(crate) const fn default_name(locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => "新しい方",
        Locale::En => "Newcomer",
    }
}
