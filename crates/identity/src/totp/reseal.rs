//! Encrypts stored secrets with a new sealing key.

use kernel::Ctx;
use platform::config::Config;
use platform::{Problem, Tx, audit};
use serde_json::json;

use super::model::TotpSecret;
use super::queries;

/// Encrypts the secret of every authenticator app with the first sealing key. Returns how many there are.
///
/// # Errors
/// When a secret opens with none of the keys or the database fails; roll the transaction back then.
pub async fn reseal(ctx: &Ctx, config: &Config, tx: &mut Tx) -> Result<usize, Problem> {
    let secrets = queries::all_for_update(tx).await?;
    for (user_id, sealed) in &secrets {
        let secret = TotpSecret::open(config, *user_id, sealed)?;
        queries::replace(tx, *user_id, &secret.seal(ctx.random(), config, *user_id)?).await?;
    }
    audit::record(ctx, tx, "sealing.change_key", "app", None, &json!({"secrets": secrets.len()})).await?;
    Ok(secrets.len())
}
