//! The first step: a payment with its first attempt and key, in the transaction that makes the order.

use kernel::{Ctx, PaymentId};
use platform::Tx;
use uuid::Uuid;

use super::model::{NewPayment, PaymentView};
use super::queries;
use crate::attempts::queries as attempts_table;
use crate::error::PaymentError;
use crate::purpose::Purpose;
use crate::state::Payments;

impl Payments {
    /// Opens a payment in the caller's transaction (of the platform), with an attempt at the default provider. Asked again
    /// for the same purpose, it returns the payment that there is.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`] for what a provider would refuse, [`PaymentError::Conflict`] when the purpose has
    /// a payment of another amount or buyer.
    pub async fn open(&self, ctx: &Ctx, tx: &mut Tx, new: &NewPayment) -> Result<PaymentId, PaymentError> {
        new.check()?;
        let id: PaymentId = ctx.new_id();
        if queries::insert(ctx, tx, id, new, new.expiry_within_bounds(ctx.now())).await? {
            attempts_table::insert(ctx, tx, id, self.default_provider()).await?;
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
