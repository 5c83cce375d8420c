//! Credits that were paid for: owed until they are used or expire, earned then.

use kernel::{Ctx, PaymentId, RefundId, Yen};
use platform::Tx;

use super::model::DeferredBalance;
use super::queries;
use crate::accounts::model::{Account, ProviderName};
use crate::error::LedgerError;
use crate::transfers::model::{Draft, EntryType, Posted, TransferKind};
use crate::transfers::post;

/// The domain that posts these.
const SOURCE: &str = "credits";

/// How a payment for credits stands; nothing when it was not taken for credits.
///
/// # Errors
/// When the database fails.
pub async fn balance_of(tx: &mut Tx, payment_id: PaymentId) -> Result<Option<DeferredBalance>, LedgerError> {
    queries::balance_of(tx, payment_id).await
}

/// As [`balance_of`], and nobody else counts on what is owed until the transaction ends. Whoever holds several of them takes
/// them in the order of their ids, and before anything is posted.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &mut Tx, payment_id: PaymentId) -> Result<Option<DeferredBalance>, LedgerError> {
    queries::lock(tx, payment_id).await?;
    queries::balance_of(tx, payment_id).await
}

/// Records money that arrived for credits: the provider owes it to the platform, the platform owes the credits. Idempotent by
/// payment.
///
/// # Errors
/// [`LedgerError::Empty`] for an amount of zero, [`LedgerError::Malformed`] for one below.
pub async fn record_receipt(
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    provider: &ProviderName,
    amount: Yen,
) -> Result<Posted, LedgerError> {
    let mut draft = Draft::new(SOURCE, TransferKind::Receipt, payment_id.to_string());
    draft.payment_id = Some(payment_id);
    draft.leg(Account::ProviderClearing(provider.clone()), EntryType::Adjustment, None, not_negative(amount)?);
    draft.leg(Account::DeferredCredits, EntryType::Adjustment, None, -amount);
    post(ctx, tx, &draft).await
}

/// Records that paid credits were used or have expired: what was owed is earned. Idempotent by `key`, which names what
/// was consumed: `{lot}:{units consumed so far}:{yen earned so far}`.
///
/// # Errors
/// [`LedgerError::Empty`] for an amount of zero, [`LedgerError::Malformed`] for one below, [`LedgerError::KeyReused`].
pub async fn recognise(
    ctx: &Ctx,
    tx: &mut Tx,
    key: &str,
    payment_id: Option<PaymentId>,
    amount: Yen,
) -> Result<Posted, LedgerError> {
    let mut draft = Draft::new(SOURCE, TransferKind::CreditRecognised, key);
    draft.payment_id = payment_id;
    draft.leg(Account::DeferredCredits, EntryType::Adjustment, None, not_negative(amount)?);
    draft.leg(Account::CreditRevenue, EntryType::Adjustment, None, -amount);
    post(ctx, tx, &draft).await
}

/// Money that goes back for credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditRefund {
    /// The refund at the provider.
    pub refund_id: RefundId,
    /// The payment that it gives back.
    pub payment_id: PaymentId,
    /// For credits that were taken back unspent: no longer owed.
    pub unspent: Yen,
    /// For credits that were spent already: earned, and given back nevertheless.
    pub spent: Yen,
}

/// Records a refund that has succeeded. Idempotent by refund.
///
/// # Errors
/// [`LedgerError::Empty`] for a refund of nothing, [`LedgerError::Malformed`] for amounts below zero,
/// [`LedgerError::KeyReused`].
pub async fn record_refund(
    ctx: &Ctx,
    tx: &mut Tx,
    provider: &ProviderName,
    refund: &CreditRefund,
) -> Result<Posted, LedgerError> {
    let mut draft = Draft::new(SOURCE, TransferKind::Refund, refund.refund_id.to_string());
    draft.payment_id = Some(refund.payment_id);
    draft.leg(Account::DeferredCredits, EntryType::Refund, None, not_negative(refund.unspent)?);
    draft.leg(Account::CreditRevenue, EntryType::Refund, None, not_negative(refund.spent)?);
    draft.leg(Account::ProviderClearing(provider.clone()), EntryType::Refund, None, -(refund.unspent + refund.spent));
    post(ctx, tx, &draft).await
}

/// Records a refund of which nobody has said how much was unspent: first from what is still owed as credits, the rest from
/// what was earned with them. False when the payment was not taken for credits. Idempotent by refund.
///
/// # Errors
/// As [`record_refund`].
pub async fn record_refund_of(
    ctx: &Ctx,
    tx: &mut Tx,
    provider: &ProviderName,
    refund_id: RefundId,
    payment_id: PaymentId,
    amount: Yen,
) -> Result<bool, LedgerError> {
    // Held, so that the same yen is not earned while it goes back.
    if hold(tx, payment_id).await?.is_none() {
        return Ok(false);
    }
    let Some(owed) = queries::owed_besides(tx, payment_id, refund_id).await? else { return Ok(false) };
    let unspent = owed.max(Yen::ZERO).min(amount);
    let refund = CreditRefund { refund_id, payment_id, unspent, spent: amount - unspent };
    record_refund(ctx, tx, provider, &refund).await?;
    Ok(true)
}

fn not_negative(amount: Yen) -> Result<Yen, LedgerError> {
    if amount < Yen::ZERO { Err(LedgerError::Malformed) } else { Ok(amount) }
}
