//! Checks the code of an authenticator app.

use kernel::{Ctx, UserId};
use platform::config::Config;
use platform::{DatabaseError, Problem, Tx};

use super::model::TotpSecret;
use super::queries;

/// Counts an attempt and returns the secret to check it with; `None` without an app, or after 100 wrong codes in a row. Commit
/// before checking, so that concurrent attempts cannot pass together.
///
/// # Errors
/// When the database fails or the secret does not open.
pub(crate) async fn count_attempt(
    config: &Config,
    tx: &mut Tx,
    user_id: UserId,
) -> Result<Option<TotpSecret>, Problem> {
    let sealed = queries::count_attempt(tx, user_id).await?;
    sealed.map(|sealed| TotpSecret::open(config, user_id, &sealed)).transpose()
}

/// Accepts the code when it is right and no code of its time step or a later one was accepted before.
///
/// # Errors
/// When the database fails.
pub(crate) async fn accept_code(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    secret: &TotpSecret,
    code: &str,
) -> Result<bool, Problem> {
    match secret.step_of(code, ctx.now())? {
        Some(step) => Ok(queries::accept(tx, user_id, step).await?),
        None => Ok(false),
    }
}

/// Resets the count of wrong codes after another second factor was right.
///
/// # Errors
/// When the database fails.
pub(crate) async fn clear_failures(tx: &mut Tx, user_id: UserId) -> Result<(), DatabaseError> {
    queries::clear_failures(tx, user_id).await
}
