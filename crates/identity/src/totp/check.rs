//! A code is held against the secret.

use kernel::{Ctx, UserId};
use platform::config::Config;
use platform::{DatabaseError, Problem, Tx};

use super::model::TotpSecret;
use super::queries;

/// Counts a guess before it is looked at and answers the secret; nothing when there is no app, or its codes are not taken
/// any more because too many were wrong. Commit before looking, so that parallel guesses cannot pass together.
///
/// # Errors
/// When the database does not answer, or the secret cannot be opened.
pub(crate) async fn reserve_guess(
    config: &Config,
    tx: &mut Tx,
    user_id: UserId,
) -> Result<Option<TotpSecret>, Problem> {
    let sealed = queries::reserve_guess(tx, user_id).await?;
    sealed.map(|sealed| TotpSecret::open(config, user_id, &sealed)).transpose()
}

/// Takes the code when it is right and no code of its step or a later one was taken before.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn accept(
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

/// Forgets wrong codes after another second factor was right.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn clear_failures(tx: &mut Tx, user_id: UserId) -> Result<(), DatabaseError> {
    queries::clear_failures(tx, user_id).await
}
