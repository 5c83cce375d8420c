//! The first step: a row with its key, in the transaction that makes the order.

use kernel::{Ctx, PaymentId};
use platform::Tx;
use uuid::Uuid;

use super::model::{NewPayment, PaymentView, checkout_key};
use super::queries;
use super::queries::Opening;
use crate::error::PaymentError;
use crate::purpose::Purpose;
use crate::state::Payments;

/// How soon the reconciler looks at a payment whose page should be open by then.
const FIRST_CHECK: time::Duration = time::Duration::minutes(3);

impl Payments {
    /// Opens a payment in the caller's transaction (of the platform). Asked again for the same purpose, it returns the
    /// payment that there is.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`] for what a provider would refuse, [`PaymentError::Conflict`] when the purpose has
    /// a payment of another amount or buyer.
    pub async fn open(&self, ctx: &Ctx, tx: &mut Tx, new: &NewPayment) -> Result<PaymentId, PaymentError> {
        new.check()?;
        let id: PaymentId = ctx.new_id();
        let opening = Opening {
            id,
            provider: self.default_provider(),
            idempotency_key: &checkout_key(id, 1),
            expires_at: new.expiry_within_bounds(ctx.now()),
            next_check_at: ctx.now() + FIRST_CHECK,
        };
        if queries::insert(ctx, tx, new, &opening).await? {
            return Ok(id);
        }
        let known = queries::id_for(tx, new.purpose, new.reference_id).await?.ok_or(PaymentError::NotFound)?;
        let payment = queries::lock(tx, known).await?.ok_or(PaymentError::NotFound)?;
        if payment.amount != new.amount || payment.buyer_id != Some(new.buyer_id) {
            return Err(PaymentError::Conflict);
        }
        Ok(known)
    }
}

/// The payment of a purpose, as far as the transaction's actor may see it.
///
/// # Errors
/// When the database fails.
pub async fn find_for(tx: &mut Tx, purpose: Purpose, reference_id: Uuid) -> Result<Option<PaymentView>, PaymentError> {
    Ok(queries::view(tx, purpose, reference_id).await?)
}
