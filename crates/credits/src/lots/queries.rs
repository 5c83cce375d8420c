//! The SQL of lots.

use kernel::{PaymentId, UserId, Yen};
use ledger::deferred::DeferredBalance;
use platform::Tx;
use time::OffsetDateTime;

use super::model::{Amount, NewLot, TakenBack, Withdrawal};
use crate::error::CreditError;
use crate::ids::LotId;

pub(super) async fn grant(
    tx: &mut Tx,
    id: LotId,
    lot: &NewLot,
    now: OffsetDateTime,
) -> Result<(LotId, bool), CreditError> {
    let row = sqlx::query!(
        r#"select lot_id as "lot_id!: LotId", created as "created!"
             from app.credits_grant($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"#,
        id as LotId,
        lot.user_id as UserId,
        lot.amount.unit(),
        lot.amount.get(),
        lot.source.as_str(),
        lot.business_key,
        lot.paid as Yen,
        lot.payment_id as Option<PaymentId>,
        lot.expires_at,
        lot.detail,
        now,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.lot_id, row.created))
}

pub(super) async fn take_back(
    tx: &mut Tx,
    lot_key: &str,
    reason: &str,
    now: OffsetDateTime,
) -> Result<Option<TakenBack>, CreditError> {
    let row = sqlx::query!(
        r#"select lot_id as "lot_id!: LotId", unit as "unit!", amount as "amount!", yen_unspent as "yen_unspent!: Yen",
                  created as "created!"
             from app.credits_take_back($1, $2, $3)"#,
        lot_key,
        reason,
        now,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| TakenBack {
        lot_id: row.lot_id,
        amount: Amount::of(&row.unit, row.amount),
        yen_unspent: row.yen_unspent,
        is_new: row.created,
    }))
}

/// How many units were taken back now.
pub(super) async fn follow_refunds(
    tx: &mut Tx,
    payment_id: PaymentId,
    deferred: &DeferredBalance,
    reason: &str,
    now: OffsetDateTime,
) -> Result<i64, CreditError> {
    Ok(sqlx::query_scalar!(
        r#"select app.credits_follow_refunds($1, $2, $3, $4, $5, $6) as "taken!""#,
        payment_id as PaymentId,
        deferred.received as Yen,
        deferred.given_back as Yen,
        deferred.given_back_from_owed as Yen,
        reason,
        now,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Whether there was enough.
pub(super) async fn withdraw(tx: &mut Tx, withdrawal: &Withdrawal, now: OffsetDateTime) -> Result<bool, CreditError> {
    let outcome = sqlx::query_scalar!(
        r#"select outcome as "outcome!" from app.credits_withdraw($1, $2, $3, $4, $5, $6)"#,
        withdrawal.user_id as UserId,
        withdrawal.amount.unit(),
        withdrawal.amount.get(),
        withdrawal.business_key,
        withdrawal.detail,
        now,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(outcome != "insufficient")
}

pub(super) async fn end_plan_lots(
    tx: &mut Tx,
    user_id: UserId,
    keep_key: &str,
    now: OffsetDateTime,
) -> Result<i64, CreditError> {
    Ok(sqlx::query_scalar!(
        r#"select app.credits_end_plan_lots($1, $2, $3) as "ended!""#,
        user_id as UserId,
        keep_key,
        now,
    )
    .fetch_one(tx.conn())
    .await?)
}
