//! Grants and revokes the role of an operator.

use kernel::{Ctx, Role};
use platform::{App, DatabaseError, Tx, audit};
use serde_json::json;

use crate::second_factor::notices::{Notice, notify};
use crate::second_factor::queries::factors;
use crate::sessions::lifecycle::end_other_sessions;
use crate::users::email::EmailAddress;
use crate::users::model::Account;
use crate::users::queries;

/// Why the role was not changed.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// No account has this address.
    #[error("there is no account with the mail address {0}")]
    Unknown(EmailAddress),
    /// The account has the role already, or does not have it.
    #[error("the account {0} {1} an operator already")]
    Unchanged(EmailAddress, &'static str),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Makes the account with this address an operator, in a transaction of the platform. Returns whether it has a second
/// factor, which the console needs in production.
///
/// # Errors
/// See [`OperatorError`].
pub async fn grant(ctx: &Ctx, app: &App, tx: &mut Tx, email: &EmailAddress) -> Result<bool, OperatorError> {
    let account = find(tx, email).await?;
    if account.role == Role::Admin {
        return Err(OperatorError::Unchanged(email.clone(), "is"));
    }
    change(ctx, app, tx, &account, Role::Admin).await?;
    Ok(factors(tx, account.id).await?.is_on())
}

/// Takes the role from the account with this address, in a transaction of the platform. The account becomes a seller.
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
    let id = queries::id_of_email(tx, email).await?.ok_or_else(unknown)?;
    queries::account(tx, id).await?.ok_or_else(unknown)
}

/// Sets the role, ends every session, audits the change and notifies the owner.
async fn change(ctx: &Ctx, app: &App, tx: &mut Tx, account: &Account, role: Role) -> Result<(), DatabaseError> {
    queries::set_role(tx, account.id, role, ctx.now()).await?;
    let ended = end_other_sessions(ctx, tx, account.id, None).await?;
    let diff = json!({"from": account.role, "to": role, "sessions_ended": ended});
    audit::record(ctx, tx, "users.role", "user", Some(account.id.uuid()), &diff).await?;
    let notice = if role == Role::Admin { Notice::OperatorGranted } else { Notice::OperatorRevoked };
    notify(ctx, app, tx, account.id, &notice).await
}
