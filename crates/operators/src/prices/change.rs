//! Changes a price, and writes down who did it and why.

use credits::prices::{self, NewPrice};
use kernel::Ctx;
use platform::{Problem, Tx, audit};
use serde_json::json;

use super::model::PriceChange;

/// Sets what an operation costs from now on. Says whether anything changed; where nothing does, nothing is written down.
///
/// # Errors
/// 409 `price_changed_meanwhile` when the price is no longer the one that the operator saw.
pub async fn change(ctx: &Ctx, tx: &mut Tx, change: &PriceChange) -> Result<bool, Problem> {
    let current = prices::current(tx).await?;
    let Some(old) = current.into_iter().find(|priced| priced.price.id == change.seen) else {
        return Err(Problem::conflict("price_changed_meanwhile"));
    };
    let diff = json!({
        "reason": change.reason,
        "operation": old.operation.as_str(),
        "provider": old.provider,
        "model": old.model,
        "from": { "imageCredits": old.price.image_credits.get(), "tokensMilli": old.price.tokens.get() },
        "to": { "imageCredits": change.image_credits.get(), "tokensMilli": change.tokens.get() },
    });
    let new = NewPrice {
        operation: old.operation,
        provider: old.provider,
        model: old.model,
        image_credits: change.image_credits,
        tokens: change.tokens,
    };
    let is_changed = prices::set(ctx, tx, &new).await?;
    if is_changed {
        audit::record(ctx, tx, "prices.change", "operation_price", Some(change.seen.uuid()), &diff).await?;
    }
    Ok(is_changed)
}
