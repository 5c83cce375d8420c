//! Issuing: a number, and a picture of everything as it is now.

use identity::users::account;
use kernel::{Ctx, UserId, Yen};
use platform::Tx;
use time::Date;
use time::macros::offset;

use super::addressee;
use super::addressee::model::Addressee;
use super::ids::TaxInvoiceId;
use super::issuer::Issuer;
use super::model::{DocumentKind, InvoiceLine, NewCreditNote, NewTaxInvoice};
use super::queries;
use super::queries::Written;
use super::totals::totals_of;
use crate::error::PaymentError;

/// The last number of a year.
const SERIAL_MAX: i32 = 999_999;

/// Issues the invoice of a payment in the caller's transaction (of the platform). Idempotent by payment: asked again, it is
/// the same document, whatever the settings say by now.
///
/// The year's counter stays locked until the transaction ends, so issue late in it.
///
/// # Errors
/// [`PaymentError::NotFound`] and [`PaymentError::NotCaptured`] for a payment without money,
/// [`PaymentError::InvalidRequest`] for lines that do not add up to what was paid, [`PaymentError::Conflict`] for a
/// payment that is somebody else's.
pub async fn issue(ctx: &Ctx, tx: &mut Tx, issuer: &Issuer, new: &NewTaxInvoice) -> Result<TaxInvoiceId, PaymentError> {
    new.check()?;
    if let Some(known) = queries::of_payment(tx, new.payment_id).await? {
        return Ok(known);
    }
    let payment = queries::paid(tx, new.payment_id).await?.ok_or(PaymentError::NotFound)?;
    if !payment.status.has_money() {
        return Err(PaymentError::NotCaptured);
    }
    if payment.buyer_id.is_some_and(|buyer_id| buyer_id != new.buyer_id) {
        return Err(PaymentError::Conflict);
    }
    let totals = totals_of(&new.lines);
    if totals.iter().map(|total| total.amount_with_tax).sum::<Yen>() != payment.amount {
        return Err(PaymentError::InvalidRequest("lines"));
    }
    let buyer = addressee_of(tx, new.buyer_id).await?;
    let (year, serial) = next_number(ctx, tx).await?;
    // Who issued for the same payment in the meantime held the counter until now.
    if let Some(known) = queries::of_payment(tx, new.payment_id).await? {
        return Ok(known);
    }
    let written = Written {
        id: ctx.new_id(),
        kind: DocumentKind::Invoice,
        year,
        serial,
        issued_for: new.issued_for,
        payment_id: new.payment_id,
        refund_id: None,
        invoice_id: None,
        buyer_id: new.buyer_id,
        issuer,
        buyer: &buyer,
        lines: &new.lines,
        totals: &totals,
        transaction_date: new.transaction_date,
    };
    queries::insert(ctx, tx, &written).await?;
    Ok(written.id)
}

/// Issues the credit note of a refund in the caller's transaction, by the issuer of the invoice that it takes back from.
/// Idempotent by refund; nothing where the payment has no invoice.
///
/// [`crate::refunds`] does this for every refund that arrives.
///
/// # Errors
/// [`PaymentError::RefundExceeds`] when more would be taken back than was invoiced,
/// [`PaymentError::InvalidRequest`] for an amount that is not positive.
pub async fn credit(ctx: &Ctx, tx: &mut Tx, new: &NewCreditNote) -> Result<Option<TaxInvoiceId>, PaymentError> {
    if new.amount <= Yen::ZERO {
        return Err(PaymentError::InvalidRequest("amount"));
    }
    let Some(invoice_id) = queries::of_payment(tx, new.payment_id).await? else { return Ok(None) };
    if let Some(known) = queries::of_refund(tx, new.refund_id).await? {
        return Ok(Some(known));
    }
    let (year, serial) = next_number(ctx, tx).await?;
    if let Some(known) = queries::of_refund(tx, new.refund_id).await? {
        return Ok(Some(known));
    }
    let invoice = queries::find(tx, invoice_id).await?.ok_or(PaymentError::NotFound)?;
    let (buyer_id, taken_back) = queries::taken_back(tx, invoice_id).await?;
    if taken_back + new.amount > invoice.total {
        return Err(PaymentError::RefundExceeds);
    }
    let rate = invoice.totals.first().ok_or(PaymentError::NotFound)?.rate;
    let description = invoice.lines.first().map(|line| line.description.clone()).unwrap_or_default();
    let lines = [InvoiceLine { description, quantity: 1, amount_with_tax: new.amount, rate }];
    let written = Written {
        id: ctx.new_id(),
        kind: DocumentKind::CreditNote,
        year,
        serial,
        issued_for: invoice.issued_for,
        payment_id: new.payment_id,
        refund_id: Some(new.refund_id),
        invoice_id: Some(invoice_id),
        buyer_id,
        issuer: &invoice.issuer,
        buyer: &invoice.buyer,
        lines: &lines,
        totals: &totals_of(&lines),
        transaction_date: new.transaction_date,
    };
    queries::insert(ctx, tx, &written).await?;
    Ok(Some(written.id))
}

/// To whom a document is addressed today.
async fn addressee_of(tx: &mut Tx, buyer_id: UserId) -> Result<Addressee, PaymentError> {
    if let Some(addressee) = addressee::queries::find(tx, buyer_id).await? {
        return Ok(addressee);
    }
    let name = account(tx.conn(), buyer_id).await?.ok_or(PaymentError::NotFound)?.display_name;
    Ok(Addressee { is_company: false, name, department: None, address: None })
}

/// The day in Japan.
pub(crate) fn today(ctx: &Ctx) -> Date {
    ctx.now().to_offset(offset!(+9)).date()
}

/// Locks the counter of this year in Japan, and reads the number that comes next. Nothing is given out yet.
async fn next_number(ctx: &Ctx, tx: &mut Tx) -> Result<(i32, i32), PaymentError> {
    let year = today(ctx).year();
    let serial = queries::lock_counter(tx, year).await? + 1;
    if serial > SERIAL_MAX {
        return Err(PaymentError::InvalidRequest("number"));
    }
    Ok((year, serial))
}
