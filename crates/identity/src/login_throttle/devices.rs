//! Known browsers: a cookie that says that somebody has logged in there before. It grants no access.

use kernel::{Ctx, UserId};
use platform::{DatabaseError, Tx};

use super::model::DeviceToken;
use super::queries;

/// The presented secret when this account has logged in from that browser; records the visit.
pub(crate) async fn known_device(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: Option<UserId>,
    presented: Option<&DeviceToken>,
) -> Result<Option<DeviceToken>, DatabaseError> {
    let (Some(user_id), Some(token)) = (user_id, presented) else { return Ok(None) };
    Ok(queries::touch_device(tx, user_id, &token.hash(), ctx.now()).await?.then(|| token.clone()))
}

/// Makes the browser known to the account. A browser known to another account keeps its secret, so that several people can
/// share it.
pub(crate) async fn remember_device(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    presented: Option<&DeviceToken>,
) -> Result<DeviceToken, DatabaseError> {
    let token = match presented {
        Some(token) if queries::is_device(tx, &token.hash()).await? => token.clone(),
        _ => DeviceToken::generate(ctx.random()),
    };
    queries::insert_device(tx, ctx.new_id(), user_id, &token.hash(), ctx.now()).await?;
    Ok(token)
}
