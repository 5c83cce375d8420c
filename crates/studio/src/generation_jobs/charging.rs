//! Charging: the price is held when a generation is requested, captured when its result is stored, and released
//! otherwise, each in the transaction that changes the generation.

use credits::holds::{self, Actual, HoldState, NewHold, ReleaseReason};
use credits::prices::{self, Operation};
use credits::{Amount, CreditError, PriceId};
use kernel::{Ctx, GenerationId, Tokens, UserId};
use platform::{Problem, Tx};
use time::Duration;

use super::model::Spent;
use crate::models::model::ImageModel;

/// When a hold lapses: longer than all attempts with the longest pauses between them, so that it happens only to what no
/// worker will finish.
const HOLD_LIFETIME: Duration = Duration::days(2);

/// Thousandths of a token that a thousandth of a US dollar is worth, at 1,500 tokens a dollar.
const MILLI_PER_MILLI_USD: i64 = 1_500;

/// What makes the hold of a picture unique.
fn hold_key(id: GenerationId) -> String {
    format!("generation:{id}")
}

/// Holds the price of a picture: the one that was shown, else the current one.
pub(super) async fn hold(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    id: GenerationId,
    model: &ImageModel,
    shown: Option<PriceId>,
) -> Result<(), Problem> {
    let (operation, provider) = (Operation::Generate, model.provider.as_str());
    let price = match shown {
        Some(price_id) => prices::honour(tx, price_id, operation, provider, &model.model, ctx.now()).await?,
        None => prices::quote(tx, operation, provider, &model.model).await?,
    };
    let new = NewHold {
        user_id,
        business_key: hold_key(id),
        operation,
        price: &price,
        generation_id: Some(id),
        expires_at: ctx.now() + HOLD_LIFETIME,
    };
    holds::hold(ctx, tx, &new).await?;
    Ok(())
}

/// Whether a picture is still paid for: by a hold, or by the platform, which holds nothing.
pub(super) async fn is_held(tx: &mut Tx, id: GenerationId) -> Result<bool, CreditError> {
    let hold = holds::find(tx, &hold_key(id)).await?;
    Ok(hold.is_none_or(|hold| hold.state != HoldState::Released))
}

/// Charges for a stored picture: image credits as they are held, tokens at what the provider takes for it where that is
/// known, and never more than is held.
pub(super) async fn capture(
    ctx: &Ctx,
    tx: &mut Tx,
    id: GenerationId,
    cost: Option<Tokens>,
) -> Result<Spent, CreditError> {
    let key = hold_key(id);
    let Some(hold) = holds::find(tx, &key).await? else { return Ok(Spent::default()) };
    let actual = match (hold.amount, cost) {
        (Amount::Tokens(held), Some(cost)) if cost < held => Actual::Tokens(cost),
        _ => Actual::AsHeld,
    };
    match holds::capture(ctx, tx, &key, actual).await {
        Ok(captured) => Ok(captured.amount.into()),
        // The hold lapsed while the picture was being made, because the clock jumped: the platform bears the cost.
        Err(CreditError::HoldReleased) => {
            tracing::warn!(generation = %id, "a picture was made after its hold had lapsed, and is free");
            Ok(Spent::default())
        }
        Err(error) => Err(error),
    }
}

/// Releases what is held for a generation that ended without a result. Does nothing where nothing is held.
pub(super) async fn release(
    ctx: &Ctx,
    tx: &mut Tx,
    id: GenerationId,
    reason: ReleaseReason,
) -> Result<(), CreditError> {
    match holds::release(ctx, tx, &hold_key(id), reason).await {
        Err(CreditError::NoHold) => Ok(()),
        ended => ended,
    }
}

/// What the provider takes for a picture, in tokens. Nothing where its price is not known, and for the platform's own
/// illustrator, which costs no provider anything and has a price of its own.
pub(super) fn cost_of(model: &ImageModel) -> Option<Tokens> {
    let micro_usd = model.cost_micro_usd().filter(|cost| *cost > 0)?;
    Some(Tokens(micro_usd.saturating_mul(MILLI_PER_MILLI_USD) / 1_000))
}
