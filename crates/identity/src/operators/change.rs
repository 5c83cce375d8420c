//! Somebody becomes an operator, or is none any more.

use kernel::{Ctx, Role};
use platform::{App, DatabaseError, Tx, audit};
use serde_json::json;

use crate::second_factor::{self, Notice};
use crate::sessions;
use crate::users::{self, Account, EmailAddress};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// Nobody has this address.
    #[error("there is no account with the mail address {0}")]
    Unknown(EmailAddress),
    /// The account has the role already, or never had it.
    #[error("the account {0} {1} an operator already")]
    Unchanged(EmailAddress, &'static str),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What a new operator lacks before the console opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// Nothing.
    Nothing,
    /// A second factor.
    SecondFactor,
}

/// Makes the account with this address an operator, in a transaction of the platform; says what it still lacks.
///
/// # Errors
/// See [`OperatorError`].
pub async fn grant(ctx: &Ctx, app: &App, tx: &mut Tx, email: &EmailAddress) -> Result<Lacking, OperatorError> {
    let account = find(tx, email).await?;
    if account.role == Role::Admin {
        return Err(OperatorError::Unchanged(email.clone(), "is"));
    }
    change(ctx, app, tx, &account, Role::Admin).await?;
    let has_factor = second_factor::factors(tx, account.id).await?.is_on();
    Ok(if has_factor { Lacking::Nothing } else { Lacking::SecondFactor })
}

/// Takes the role from the account with this address, in a transaction of the platform. It may sell what it sold before.
///
/// # Errors
/// See [`OperatorError`].
pub async fn revoke(ctx: &Ctx, app: &App, tx: &mut Tx, email: &EmailAddress) -> Result<(), OperatorError> {
    let account = find(tx, email).await?;
    if account.role != Role::Admin {
        return Err(OperatorError::Unchanged(email.clone(), "is not"));
    }
    change(ctx, app, tx, &account, Role::Seller).await?;
    Ok(())
}

async fn find(tx: &mut Tx, email: &EmailAddress) -> Result<Account, OperatorError> {
    let unknown = || OperatorError::Unknown(email.clone());
    let id = users::id_of_email(tx, email).await?.ok_or_else(unknown)?;
    users::account(tx, id).await?.ok_or_else(unknown)
}

/// The role, the audit, the mail, and the end of every session that began with other rights.
async fn change(ctx: &Ctx, app: &App, tx: &mut Tx, account: &Account, role: Role) -> Result<(), DatabaseError> {
    users::set_role(tx, account.id, role, ctx.now()).await?;
    let ended = sessions::end_others(ctx, tx, account.id, None).await?;
    let diff = json!({"from": account.role, "to": role, "sessions_ended": ended});
    audit::record(ctx, tx, "users.role", "user", Some(account.id.uuid()), &diff).await?;
    let notice = if role == Role::Admin { Notice::OperatorGranted } else { Notice::OperatorRevoked };
    second_factor::notify(ctx, app, tx, account.id, &notice).await
}
