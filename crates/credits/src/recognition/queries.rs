//! The SQL of recognition.

use kernel::{PaymentId, Yen};
use platform::Tx;

use crate::{CreditError, LotId};

/// What has been earned of a lot since it was last looked at.
pub(super) struct Earned {
    pub(super) lot_id: LotId,
    pub(super) payment_id: Option<PaymentId>,
    /// Units used or expired so far: with the lot, the key of the posting.
    pub(super) consumed: i64,
    pub(super) yen: Yen,
}

/// Marks what is due as earned; whoever calls posts it in the same transaction.
pub(super) async fn take_due(tx: &mut Tx, limit: i32) -> Result<Vec<Earned>, CreditError> {
    Ok(sqlx::query_as!(
        Earned,
        r#"select lot_id as "lot_id!: LotId", payment_id as "payment_id: PaymentId", consumed as "consumed!",
                  earned_yen as "yen!: Yen"
             from house.credits_recognise_due($1)"#,
        limit,
    )
    .fetch_all(tx.conn())
    .await?)
}
