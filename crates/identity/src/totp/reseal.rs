//! Another sealing key: what the old one has closed is closed by the new one.

use kernel::Ctx;
use platform::config::Config;
use platform::{Problem, Tx, audit};
use serde_json::json;

use super::model::TotpSecret;
use super::queries;

/// Seals the secret of every authenticator app with the first sealing key; how many there are. All of them or none.
///
/// # Errors
/// When one of them opens with none of the keys, or the database does not answer.
pub async fn reseal(ctx: &Ctx, config: &Config, tx: &mut Tx) -> Result<usize, Problem> {
    let kept = queries::all_for_update(tx).await?;
    for (user_id, sealed) in &kept {
        let secret = TotpSecret::open(config, *user_id, sealed)?;
        queries::replace(tx, *user_id, &secret.seal(ctx.random(), config, *user_id)?).await?;
    }
    audit::record(ctx, tx, "sealing.change_key", "app", None, &json!({"secrets": kept.len()})).await?;
    Ok(kept.len())
}
