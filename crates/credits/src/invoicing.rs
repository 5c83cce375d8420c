//! Tax invoices (適格請求書), issued with every payment for a plan or a pack.

use kernel::{Ctx, PaymentId, UserId, Yen};
use payments::PaymentError;
use payments::tax_invoices::{InvoiceLine, IssuedFor, Issuer, NewTaxInvoice, TaxRate, issue};
use platform::{App, Tx};
use time::OffsetDateTime;
use ui::dates::date_of;

/// The longest description of a line, in characters.
const DESCRIPTION_CHARS_MAX: usize = 300;

/// What was sold.
pub(crate) struct Sold<'a> {
    pub(crate) payment_id: PaymentId,
    pub(crate) buyer_id: UserId,
    pub(crate) issued_for: IssuedFor,
    /// What was paid.
    pub(crate) amount: Yen,
    /// The description of the one line that is issued where the lines do not add up.
    pub(crate) description: &'a str,
    /// Description and amount of each line.
    pub(crate) lines: Vec<(&'a str, Yen)>,
    /// When it was paid.
    pub(crate) at: OffsetDateTime,
}

/// Issues the tax invoice of a payment in the caller's transaction; once a payment. Where the provider's lines are not what was
/// paid (a credit was counted against them), one line says it all.
///
/// # Errors
/// Those of [`issue`].
pub(crate) async fn issue_for(app: &App, ctx: &Ctx, tx: &mut Tx, sold: &Sold<'_>) -> Result<(), PaymentError> {
    let described: Vec<_> =
        sold.lines.iter().filter(|(words, yen)| !yen.is_zero() && !words.trim().is_empty()).collect();
    let adds_up = !described.is_empty() && described.iter().map(|(_, yen)| *yen).sum::<Yen>() == sold.amount;
    let lines = if adds_up {
        described.into_iter().map(|(words, yen)| line(words, *yen)).collect()
    } else {
        vec![line(sold.description, sold.amount)]
    };
    let new = NewTaxInvoice {
        payment_id: sold.payment_id,
        buyer_id: sold.buyer_id,
        issued_for: sold.issued_for,
        lines,
        // A sandbox's clock may be ahead of ours; nothing is sold in the future.
        transaction_date: date_of(sold.at.min(ctx.now())),
    };
    issue(ctx, tx, &Issuer::of(&app.config), &new).await?;
    Ok(())
}

fn line(description: &str, amount_with_tax: Yen) -> InvoiceLine {
    let description = description.chars().take(DESCRIPTION_CHARS_MAX).collect();
    InvoiceLine { description, quantity: 1, amount_with_tax, rate: TaxRate::Standard10 }
}
