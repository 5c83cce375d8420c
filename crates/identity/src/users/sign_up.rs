//! An account comes into being.

use kernel::{Ctx, Role, UserId};
use platform::{DatabaseError, FieldProblem, Problem, Tx, audit};
use serde_json::json;

use super::email::EmailAddress;
use super::{DISPLAY_NAME_CHARS_MAX, queries};
use crate::passwords::{self, NewPassword, PasswordHash};

/// What somebody typed, checked.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The mail address.
    pub email: EmailAddress,
    /// The name shown to others.
    pub display_name: String,
}

impl NewAccount {
    /// Checks what somebody typed; every fault at once. The password is checked here and hashed by the caller, outside
    /// the transaction.
    ///
    /// # Errors
    /// 422 with the fields.
    pub fn check(email: &str, password: &str, display_name: &str) -> Result<Self, Problem> {
        let mut fields = Vec::new();
        let email = EmailAddress::parse(email).map_err(|_| fields.push(FieldProblem::new("email", "invalid_email")));
        let about: Vec<&str> = email.iter().map(EmailAddress::as_str).chain([display_name]).collect();
        if let Err(problem) = (NewPassword { text: password, about: &about, has_second_factor: false }).check() {
            fields.push(problem);
        }
        let display_name = platform::text::clean_line(display_name, DISPLAY_NAME_CHARS_MAX)
            .map_err(|fault| fields.push(FieldProblem::text("displayName", fault)));
        match (email, display_name) {
            (Ok(email), Ok(display_name)) if fields.is_empty() => Ok(Self { email, display_name }),
            _ => Err(Problem::invalid(fields)),
        }
    }
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// There is one with this address.
    #[error("the mail address is taken")]
    EmailTaken,
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<SignUpError> for Problem {
    fn from(fault: SignUpError) -> Self {
        match fault {
            SignUpError::EmailTaken => Self::conflict("email_taken"),
            SignUpError::Database(error) => error.into(),
        }
    }
}

/// Makes the account with its password, in a transaction of the platform.
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
    passwords::store(tx, id, password_hash, ctx.now()).await?;
    audit::record(ctx, tx, "users.sign_up", "user", Some(id.uuid()), &json!({})).await?;
    Ok(id)
}
