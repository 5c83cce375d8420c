//! Changes a wallet by hand.

use credits::lots::{self, LotSource, NewLot, Withdrawal};
use kernel::{Ctx, Yen};
use platform::{Problem, Tx, audit};
use serde_json::json;

use super::model::{Correction, Direction};

/// Gives or takes, and writes down who did it and why. Asking again with the same `Idempotency-Key` is answered by the
/// layer of the requests; two requests are two corrections.
///
/// # Errors
/// 404 for nobody; 409 `too_few_credits` when there is less than is to be taken, and then nothing is.
pub async fn correct(ctx: &Ctx, tx: &mut Tx, correction: &Correction) -> Result<(), Problem> {
    let business_key = format!("admin_adjustment:{}", ctx.random().uuid_v4());
    let operator = ctx.user_id().map(kernel::UserId::uuid);
    let detail = json!({ "reason": correction.reason, "operator": operator });
    let (user_id, amount) = (correction.user_id, correction.amount);
    let signed = match correction.direction {
        Direction::Give => {
            let lot = NewLot {
                user_id,
                amount,
                source: LotSource::AdminAdjustment,
                business_key,
                paid: Yen(0),
                payment_id: None,
                expires_at: Some(ctx.now() + correction.lifetime),
                detail,
            };
            lots::grant(ctx, tx, &lot).await.map_err(problem_of)?;
            amount.get()
        }
        Direction::Take => {
            lots::withdraw(ctx, tx, &Withdrawal { user_id, amount, business_key, detail }).await.map_err(problem_of)?;
            -amount.get()
        }
    };
    let diff = json!({ "reason": correction.reason, "unit": amount.unit(), "amount": signed });
    audit::record(ctx, tx, "credits.correct", "user", Some(user_id.uuid()), &diff).await?;
    Ok(())
}

fn problem_of(error: credits::CreditError) -> Problem {
    match error {
        credits::CreditError::NoWallet => Problem::not_found(),
        credits::CreditError::TooLittle => Problem::conflict("too_few_credits"),
        other => other.into(),
    }
}
