//! Creates an account with a mail address, a password and a display name.

use kernel::{Ctx, Role, UserId};
use platform::{DatabaseError, FieldProblem, Problem, Tx, audit};
use serde_json::json;

use super::email::EmailAddress;
use super::model::DISPLAY_NAME_CHARS_MAX;
use super::queries;
use crate::passwords::model::PasswordHash;
use crate::passwords::policy::NewPassword;
use crate::passwords::queries::store_password;

/// The checked input of a sign-up.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The mail address.
    pub email: EmailAddress,
    /// The name shown to others.
    pub display_name: String,
}

impl NewAccount {
    /// Checks the input and reports all wrong fields at once. The password is checked here and hashed by the caller,
    /// outside the transaction.
    ///
    /// # Errors
    /// 422 `invalid_input` with the fields `email`, `password`, `displayName`.
    pub fn check(email: &str, password: &str, display_name: &str) -> Result<Self, Problem> {
        let mut fields = Vec::new();
        let email = EmailAddress::parse(email).map_err(|_| fields.push(FieldProblem::new("email", "invalid_email")));
        let about: Vec<&str> = email.iter().map(EmailAddress::as_str).chain([display_name]).collect();
        if let Err(problem) = (NewPassword { text: password, about: &about, has_second_factor: false }).check() {
            fields.push(problem);
        }
        let display_name = platform::text::clean_line(display_name, DISPLAY_NAME_CHARS_MAX)
            .map_err(|error| fields.push(FieldProblem::text("displayName", error)));
        match (email, display_name) {
            (Ok(email), Ok(display_name)) if fields.is_empty() => Ok(Self { email, display_name }),
            _ => Err(Problem::invalid(fields)),
        }
    }
}

/// Why no account was created.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// Another account has this address.
    #[error("the mail address is taken")]
    EmailTaken,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<SignUpError> for Problem {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::EmailTaken => Self::conflict("email_taken"),
            SignUpError::Database(error) => error.into(),
        }
    }
}

/// Creates the account with its password, in a transaction of the platform.
///
/// # Errors
/// See [`SignUpError`].
pub async fn sign_up(
    ctx: &Ctx,
    tx: &mut Tx,
    new: &NewAccount,
    password_hash: &PasswordHash,
) -> Result<UserId, SignUpError> {
    let id: UserId = ctx.new_id();
    if !queries::insert(tx, id, &new.email, &new.display_name, Role::User, ctx.locale, ctx.now()).await? {
        return Err(SignUpError::EmailTaken);
    }
    store_password(tx, id, password_hash, ctx.now()).await?;
    audit::record(ctx, tx, "users.sign_up", "user", Some(id.uuid()), &json!({})).await?;
    Ok(id)
}
