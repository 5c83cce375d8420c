//! The SQL of holds.

use kernel::{GenerationId, ImageCredits, Tokens, UserId};
use platform::Tx;
use time::OffsetDateTime;

use super::model::{Hold, HoldState, NewHold, ReleaseReason};
use crate::error::CreditError;
use crate::ids::{HoldId, PriceId};
use crate::lots::model::Amount;
use crate::wallets::model::Balance;

/// What the database said to a hold.
pub(super) enum Held {
    Yes(Hold),
    Insufficient(Balance),
    ReadOnly,
}

pub(super) async fn hold(
    tx: &mut Tx,
    id: HoldId,
    hold: &NewHold<'_>,
    now: OffsetDateTime,
) -> Result<Held, CreditError> {
    let row = sqlx::query!(
        r#"select outcome as "outcome!", hold_id as "hold_id: HoldId", unit, amount, state as "state: HoldState",
                  tokens_available as "tokens!: Tokens", images_available as "image_credits!: ImageCredits"
             from app.credits_hold($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"#,
        id as HoldId,
        hold.user_id as UserId,
        hold.business_key,
        hold.operation.as_str(),
        hold.price.id as PriceId,
        hold.price.image_credits as ImageCredits,
        hold.price.tokens as Tokens,
        hold.generation_id as Option<GenerationId>,
        hold.expires_at,
        now,
    )
    .fetch_one(tx.conn())
    .await?;
    let (Some(id), Some(unit), Some(amount), Some(state)) = (row.hold_id, row.unit, row.amount, row.state) else {
        let left = Balance { tokens: row.tokens, image_credits: row.image_credits, ..Balance::default() };
        return Ok(if row.outcome == "read_only" { Held::ReadOnly } else { Held::Insufficient(left) });
    };
    Ok(Held::Yes(Hold { id, amount: Amount::of(&unit, amount), state, is_new: row.outcome == "held" }))
}

/// What the database said to a capture: the outcome, the hold, its unit and what of it was spent.
pub(super) struct CaptureRow {
    pub(super) outcome: String,
    pub(super) hold_id: Option<HoldId>,
    pub(super) unit: Option<String>,
    pub(super) captured: Option<i64>,
    pub(super) user_id: Option<UserId>,
    /// Whether the person is to be told now that little is left.
    pub(super) is_low: bool,
}

pub(super) async fn capture(
    tx: &mut Tx,
    hold_key: &str,
    tokens: Option<Tokens>,
    now: OffsetDateTime,
) -> Result<CaptureRow, CreditError> {
    Ok(sqlx::query_as!(
        CaptureRow,
        r#"select outcome as "outcome!", hold_id as "hold_id: HoldId", unit, captured,
                  user_id as "user_id: UserId", is_low as "is_low!"
             from app.credits_capture($1, $2, $3)"#,
        hold_key,
        tokens as Option<Tokens>,
        now,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Whether there is such a hold.
pub(super) async fn release(
    tx: &mut Tx,
    hold_key: &str,
    reason: ReleaseReason,
    now: OffsetDateTime,
) -> Result<bool, CreditError> {
    let outcome =
        sqlx::query_scalar!(r#"select app.credits_release($1, $2, $3) as "outcome!""#, hold_key, reason.as_str(), now,)
            .fetch_one(tx.conn())
            .await?;
    Ok(outcome != "missing")
}

/// A hold by its business key; only for the platform.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, hold_key: &str) -> Result<Option<Hold>, CreditError> {
    let row = sqlx::query!(
        r#"select id as "id: HoldId", unit, amount, state as "state: HoldState"
             from public.credit_holds where business_key = $1"#,
        hold_key,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Hold { id: row.id, amount: Amount::of(&row.unit, row.amount), state: row.state, is_new: false }))
}
