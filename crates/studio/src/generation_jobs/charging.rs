//! Charging: the price is held when a generation is requested, captured when its result is stored, and released
//! otherwise, each in the transaction that changes the generation.

use credits::holds::{self, Actual, HoldState, NewHold, ReleaseReason};
use credits::{Amount, CreditError, PriceId, prices};
use kernel::{Ctx, GenerationId, Tokens};
use platform::{Problem, Tx};
use time::Duration;

use super::model::Spent;
use super::queries::NewGeneration;
use crate::generations::spec::GenerationSpec;
use crate::models::model::AiModel;

/// When a hold lapses: longer than all attempts with the longest pauses between them, so that it happens only to what no
/// worker will finish.
const HOLD_LIFETIME: Duration = Duration::days(2);

/// Thousandths of a token that a thousandth of a US dollar is worth, at 1,500 tokens a dollar.
const MILLI_PER_MILLI_USD: i64 = 1_500;

/// What makes the hold of a picture unique.
fn hold_key(id: GenerationId) -> String {
    format!("generation:{id}")
}

/// Holds the price of a generation: the one that was shown, else the current one. For a text that is the price of as many
/// tokens as it can use.
pub(super) async fn hold(
    ctx: &Ctx,
    tx: &mut Tx,
    new: &NewGeneration<'_>,
    shown: Option<PriceId>,
) -> Result<(), Problem> {
    let (operation, provider, model) = (new.spec.operation(), new.model.provider.as_str(), &new.model.model);
    let price = match shown {
        Some(price_id) => prices::honour(tx, price_id, operation, provider, model, ctx.now()).await?,
        None => prices::quote(tx, operation, provider, model).await?,
    };
    let price = match new.spec {
        GenerationSpec::Text(text) => price.for_model_tokens(text.model_tokens_max()),
        _ => price,
    };
    let new = NewHold {
        user_id: new.user_id,
        business_key: hold_key(new.id),
        operation,
        price: &price,
        generation_id: Some(new.id),
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

/// What a generation cost, as far as that decides the charge.
#[derive(Clone, Copy, Debug)]
pub(super) enum ActualCost {
    /// What the provider takes for a picture, in tokens; `None` where that is not known.
    Picture(Option<Tokens>),
    /// So many of the tokens of the model that the hold is for.
    ModelTokens { used: i64, held_for: i64 },
}

/// Charges for a stored result: image credits as they are held, tokens at the actual cost where that is known, and never
/// more than is held.
pub(super) async fn capture(ctx: &Ctx, tx: &mut Tx, id: GenerationId, cost: ActualCost) -> Result<Spent, CreditError> {
    let key = hold_key(id);
    let Some(hold) = holds::find(tx, &key).await? else { return Ok(Spent::default()) };
    let actual = match (hold.amount, cost) {
        (Amount::Tokens(held), ActualCost::Picture(Some(cost))) if cost < held => Actual::Tokens(cost),
        (Amount::Tokens(held), ActualCost::ModelTokens { used, held_for }) if used < held_for => {
            // The same price per token as that of the hold, rounded up.
            let share = held.get().saturating_mul(used.max(0)).saturating_add(held_for - 1) / held_for.max(1);
            Actual::Tokens(Tokens(share.min(held.get())))
        }
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
pub(super) fn cost_of(model: &AiModel, size: Option<&str>) -> Option<Tokens> {
    let micro_usd = model.cost_micro_usd(size).filter(|cost| *cost > 0)?;
    Some(Tokens(micro_usd.saturating_mul(MILLI_PER_MILLI_USD) / 1_000))
}
