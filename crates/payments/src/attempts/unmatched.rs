//! Money that arrived by an attempt and is not the payment's: a second capture, or another amount. It becomes a payment of
//! its own, for no purpose, and goes back by itself. The buyer has a mail, the operator a finding.

use identity::users::account;
use kernel::{Ctx, PaymentId, Yen};
use platform::Tx;
use serde_json::json;
use ui::arg;
use ui::mails::{Recipient, compose};

use super::model::Attempt;
use crate::error::PaymentError;
use crate::payment::model::Payment;
use crate::payment::queries::{self as payments_table, Arrived};
use crate::purpose::Purpose;
use crate::reconciliation::findings;
use crate::refunds::model::{RefundExtent, RefundReason, RefundRequest};
use crate::state::Payments;

/// Why money is not a payment's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// The payment was paid already.
    CapturedTwice,
    /// Another amount was captured.
    AmountDiffers,
}

impl Mismatch {
    const fn finding(self) -> &'static str {
        match self {
            Self::CapturedTwice => "captured_twice",
            Self::AmountDiffers => "amount_differs",
        }
    }

    const fn reason(self) -> RefundReason {
        match self {
            Self::CapturedTwice => RefundReason::Duplicate,
            Self::AmountDiffers => RefundReason::AmountDiffers,
        }
    }
}

/// Makes a payment of the money, for no purpose.
pub(super) async fn record(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    attempt: &Attempt,
    amount: Yen,
    mismatch: Mismatch,
) -> Result<Payment, PaymentError> {
    let id: PaymentId = ctx.new_id();
    let arrived = Arrived {
        id,
        purpose: Purpose::Unmatched,
        reference_id: attempt.id.uuid(),
        buyer_id: payment.buyer_id,
        amount,
        description: &payment.description,
        home_url: payments.app().config.public_url.as_str(),
        captured_at: ctx.now(),
    };
    payments_table::insert_arrived(ctx, tx, &arrived).await?;
    let detail = json!({
        "payment": payment.id, "attempt": attempt.id, "provider": attempt.provider, "expectedYen": payment.amount,
        "capturedYen": amount, "givenBackAs": id,
    });
    findings::record(payments.app(), ctx, tx, mismatch.finding(), &attempt.id.to_string(), &detail).await?;
    payments_table::lock(tx, id).await?.ok_or(PaymentError::NotFound)
}

/// Asks for its refund, and writes to the buyer.
pub(super) async fn give_back(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    attempt: &Attempt,
    unmatched: &Payment,
    mismatch: Mismatch,
) -> Result<(), PaymentError> {
    let request = RefundRequest {
        payment_id: unmatched.id,
        reason: mismatch.reason(),
        extent: RefundExtent::Whole,
        key: mismatch.finding().to_owned(),
    };
    payments.request_refund(ctx, tx, &request).await?;
    let Some(buyer_id) = unmatched.buyer_id else { return Ok(()) };
    let Some(buyer) = account(tx.conn(), buyer_id).await? else { return Ok(()) };
    let to =
        Recipient { user_id: Some(buyer.id), locale: buyer.locale(), address: buyer.email, name: buyer.display_name };
    let key = match mismatch {
        Mismatch::CapturedTwice => "mail-payment-twice",
        Mismatch::AmountDiffers => "mail-payment-amount",
    };
    let args = arg("description", payment.description.as_str())
        .arg("amount", unmatched.amount)
        .arg("expected", payment.amount);
    let mail = compose(&to, format!("payment-unmatched/{}", attempt.id), key, args);
    platform::mail::write(ctx, tx, &mail).await?;
    Ok(())
}
