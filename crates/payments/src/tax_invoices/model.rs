//! What a tax invoice is.

use kernel::{Cursor, PaymentId, RefundId, UserId, Yen};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::addressee::model::Addressee;
use super::ids::TaxInvoiceId;
use super::issuer::Issuer;
use crate::error::PaymentError;

/// The most lines of a document.
const LINES_MAX: usize = 100;
/// The longest description of a line, in characters.
const DESCRIPTION_CHARS_MAX: usize = 300;

/// A rate of consumption tax. Everything that the platform sells is taxed at the standard rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
pub enum TaxRate {
    /// 標準税率, 10 %.
    #[serde(rename = "standard_10")]
    Standard10,
}

impl TaxRate {
    /// Of a hundred yen without tax.
    pub const fn percent(self) -> i64 {
        match self {
            Self::Standard10 => 10,
        }
    }
}

/// What was sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum IssuedFor {
    /// A plan.
    Subscription,
    /// A pack of credits.
    CreditPack,
    /// An order of the market.
    Order,
}

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DocumentKind {
    /// 適格請求書, or a receipt where the issuer has no registration number.
    Invoice,
    /// 適格返還請求書: money went back.
    CreditNote,
}

/// A line of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceLine {
    /// What it is, at most 300 characters, in the buyer's language.
    pub description: String,
    /// How many; one or more.
    pub quantity: i64,
    /// For all of them together, tax included. Negative where a document counts something against the rest: the unused part
    /// of the plan before.
    #[schema(value_type = i64)]
    pub amount_with_tax: Yen,
    /// At which rate it is taxed.
    pub rate: TaxRate,
}

/// What a document says of one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateTotal {
    /// The rate.
    pub rate: TaxRate,
    /// Everything at this rate, tax included.
    #[schema(value_type = i64)]
    pub amount_with_tax: Yen,
    /// The tax in it, rounded down once.
    #[schema(value_type = i64)]
    pub tax: Yen,
}

/// An invoice that is wanted.
#[derive(Clone, Debug)]
pub struct NewTaxInvoice {
    /// The payment; the lines add up to what was paid. One invoice each.
    pub payment_id: PaymentId,
    /// For whom; addressed as they said, else by the profile's name on the day of issue.
    pub buyer_id: UserId,
    /// What was sold.
    pub issued_for: IssuedFor,
    /// What exactly.
    pub lines: Vec<InvoiceLine>,
    /// The day of the transaction, in Japan.
    pub transaction_date: Date,
}

impl NewTaxInvoice {
    /// Checks the lines by themselves.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`] with the field.
    pub(super) fn check(&self) -> Result<(), PaymentError> {
        if self.lines.is_empty() || self.lines.len() > LINES_MAX {
            return Err(PaymentError::InvalidRequest("lines"));
        }
        for line in &self.lines {
            let chars = line.description.chars().count();
            if line.description.trim().is_empty() || chars > DESCRIPTION_CHARS_MAX {
                return Err(PaymentError::InvalidRequest("description"));
            }
            if line.quantity < 1 {
                return Err(PaymentError::InvalidRequest("quantity"));
            }
            if line.amount_with_tax.get().abs() > Yen::MAX_ABS {
                return Err(PaymentError::InvalidRequest("amount"));
            }
        }
        Ok(())
    }
}

/// A credit note that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct NewCreditNote {
    /// The refund. One credit note each.
    pub refund_id: RefundId,
    /// The payment that it takes back from.
    pub payment_id: PaymentId,
    /// What went back, tax included.
    pub amount: Yen,
    /// The day on which it went back, in Japan.
    pub transaction_date: Date,
}

/// A document as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxInvoice {
    /// The document.
    pub id: TaxInvoiceId,
    /// Which.
    pub kind: DocumentKind,
    /// `YYYY-NNNNNN`.
    pub number: String,
    /// What was sold.
    pub issued_for: IssuedFor,
    /// The payment.
    pub payment_id: PaymentId,
    /// Of a credit note: the number and the transaction date of the invoice that it takes back from.
    pub takes_back_from: Option<(String, Date)>,
    /// Who issued it.
    pub issuer: Issuer,
    /// For whom.
    pub buyer: Addressee,
    /// What exactly.
    pub lines: Vec<InvoiceLine>,
    /// The sums of each rate.
    pub totals: Vec<RateTotal>,
    /// Everything, tax included.
    pub total: Yen,
    /// The tax in it.
    pub tax: Yen,
    /// The day of the transaction, in Japan.
    pub transaction_date: Date,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
}

impl TaxInvoice {
    /// Where it stands in a list.
    pub fn position(&self) -> Cursor {
        Cursor { at: self.issued_at, id: self.id.uuid() }
    }

    /// Whether it is a qualified invoice or return invoice, and may say so.
    pub const fn is_qualified(&self) -> bool {
        self.issuer.registration_number.is_some()
    }
}
