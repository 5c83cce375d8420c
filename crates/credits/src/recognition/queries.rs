//! The SQL of recognition.

use kernel::{PaymentId, UserId, Yen};
use platform::Tx;

use crate::error::CreditError;
use crate::ids::LotId;

/// What has been earned of a lot since it was last looked at.
#[derive(Clone, Debug)]
pub(super) struct Earned {
    pub(super) lot_id: LotId,
    pub(super) user_id: UserId,
    pub(super) payment_id: Option<PaymentId>,
    /// Units used or expired so far.
    pub(super) consumed: i64,
    /// What is new.
    pub(super) yen: Yen,
    /// What is earned of the lot with it.
    pub(super) so_far: Yen,
}

/// Up to where lots were looked at.
pub type Place = (UserId, LotId);

/// What has been earned of the lots after a place. Their wallets are held; lots of a wallet in use are left alone.
pub(super) async fn due(tx: &mut Tx, after: Option<Place>, limit: i32) -> Result<Vec<Earned>, CreditError> {
    Ok(sqlx::query_as!(
        Earned,
        r#"select lot_id as "lot_id!: LotId", user_id as "user_id!: UserId", payment_id as "payment_id: PaymentId",
                  consumed as "consumed!", earned_yen as "yen!: Yen", earned_so_far as "so_far!: Yen"
             from app.credits_recognise_due($1, $2, $3)"#,
        after.map(|(user_id, _)| user_id) as Option<UserId>,
        after.map(|(_, lot_id)| lot_id) as Option<LotId>,
        limit,
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Marks what is earned of a lot; whoever calls posts it in the same transaction.
pub(super) async fn mark(tx: &mut Tx, part: &Earned) -> Result<(), CreditError> {
    sqlx::query!("select app.credits_mark_recognised($1, $2)", part.lot_id as LotId, part.so_far as Yen)
        .execute(tx.conn())
        .await?;
    Ok(())
}
