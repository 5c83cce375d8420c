//! Whoever has this address: found, or made.

use kernel::{Ctx, Locale, Role, UserId};
use platform::{DatabaseError, Tx, audit};
use serde_json::json;

use super::email::EmailAddress;
use super::{DISPLAY_NAME_CHARS_MAX, queries};

/// The account of `email`, and whether it was made just now, in a transaction of the platform. A new account has no password
/// and no verified address: a [`crate::one_time_links::LinkPurpose::SetPassword`] link gives it both. Of two who ask at
/// once, one makes it and the other finds it.
///
/// Whoever made an account for this address before, without having shown that mail reaches it, may be somebody else. So
/// an account that is found unverified gets such a link as well ([`super::Account::is_verified`]); using it ends
/// everything that was set up before.
///
/// # Errors
/// When the database does not answer.
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
    let name = name.unwrap_or_else(|_| nameless(locale).to_owned());
    if queries::insert(tx, id, email, &name, Role::User, locale, ctx.now()).await? {
        audit::record(ctx, tx, "users.create", "user", Some(id.uuid()), &json!({})).await?;
        return Ok((id, true));
    }
    // Somebody else made it in the meantime, and has committed, or the insert would still be waiting.
    let id = queries::id_of_email(tx, email).await?.ok_or(DatabaseError::RowNotFound)?;
    Ok((id, false))
}

/// What is over the shop door until its owner writes something there.
const fn nameless(locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => "新しい方",
        Locale::En => "Newcomer",
    }
}
