//! The SQL of tax invoices.

use kernel::{Ctx, PageRequest, PaymentId, RefundId, UserId, Yen};
use platform::{DatabaseError, Tx};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::addressee::model::Addressee;
use super::ids::TaxInvoiceId;
use super::issuer::Issuer;
use super::model::RateTotal;
use super::model::{DocumentKind, InvoiceLine, IssuedFor, TaxInvoice};
use crate::payment::model::PaymentStatus;

/// What an invoice has to add up to.
pub(super) struct Paid {
    pub amount: Yen,
    pub status: PaymentStatus,
    pub buyer_id: Option<UserId>,
}

/// A document as it goes into the table.
pub(super) struct Written<'a> {
    pub id: TaxInvoiceId,
    pub kind: DocumentKind,
    pub year: i32,
    pub serial: i32,
    pub issued_for: IssuedFor,
    pub payment_id: PaymentId,
    pub refund_id: Option<RefundId>,
    pub invoice_id: Option<TaxInvoiceId>,
    pub buyer_id: UserId,
    pub issuer: &'a Issuer,
    pub buyer: &'a Addressee,
    pub lines: &'a [InvoiceLine],
    pub totals: &'a [RateTotal],
    pub transaction_date: Date,
}

/// The payment.
pub(super) async fn paid(tx: &mut Tx, id: PaymentId) -> Result<Option<Paid>, DatabaseError> {
    sqlx::query_as!(
        Paid,
        r#"select amount_jpy as "amount: Yen", status as "status: PaymentStatus", buyer_id as "buyer_id: UserId"
             from public.payments where id = $1"#,
        id as PaymentId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The invoice of a payment.
///
/// # Errors
/// When the database fails.
pub async fn of_payment(tx: &mut Tx, id: PaymentId) -> Result<Option<TaxInvoiceId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: TaxInvoiceId" from public.tax_invoices where payment_id = $1 and kind = 'invoice'"#,
        id as PaymentId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The credit note of a refund.
pub(super) async fn of_refund(tx: &mut Tx, id: RefundId) -> Result<Option<TaxInvoiceId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: TaxInvoiceId" from public.tax_invoices where refund_id = $1"#,
        id as RefundId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Locks a year's counter until the transaction ends, and reads the last number that was given out.
pub(super) async fn lock_counter(tx: &mut Tx, year: i32) -> Result<i32, DatabaseError> {
    sqlx::query!("insert into public.tax_invoice_counters (year) values ($1) on conflict do nothing", year)
        .execute(tx.conn())
        .await?;
    sqlx::query_scalar!("select last from public.tax_invoice_counters where year = $1 for update", year)
        .fetch_one(tx.conn())
        .await
}

/// Writes a document and gives its number out.
pub(super) async fn insert(ctx: &Ctx, tx: &mut Tx, document: &Written<'_>) -> Result<(), DatabaseError> {
    sqlx::query!("update public.tax_invoice_counters set last = $2 where year = $1", document.year, document.serial,)
        .execute(tx.conn())
        .await?;
    sqlx::query!(
        r#"insert into public.tax_invoices
             (id, kind, year, serial, issued_for, payment_id, refund_id, invoice_id, buyer_id, issuer_name, issuer_address,
              registration_number, buyer_name, lines, totals, total_jpy, tax_jpy, transaction_date, issued_at,
              buyer_is_company, buyer_department, buyer_address)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"#,
        document.id as TaxInvoiceId,
        document.kind as DocumentKind,
        document.year,
        document.serial,
        document.issued_for as IssuedFor,
        document.payment_id as PaymentId,
        document.refund_id as Option<RefundId>,
        document.invoice_id as Option<TaxInvoiceId>,
        document.buyer_id as UserId,
        document.issuer.name,
        document.issuer.address,
        document.issuer.registration_number,
        document.buyer.name,
        json!(document.lines),
        json!(document.totals),
        document.totals.iter().map(|total| total.amount_with_tax.get()).sum::<i64>(),
        document.totals.iter().map(|total| total.tax.get()).sum::<i64>(),
        document.transaction_date,
        ctx.now(),
        document.buyer.is_company,
        document.buyer.department,
        document.buyer.address,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whose invoice it is, and what its credit notes have taken back.
pub(super) async fn taken_back(tx: &mut Tx, id: TaxInvoiceId) -> Result<(UserId, Yen), DatabaseError> {
    let row = sqlx::query!(
        r#"select i.buyer_id as "buyer_id: UserId",
                  coalesce((select sum(c.total_jpy) from public.tax_invoices as c where c.invoice_id = i.id), 0)::bigint
                    as "taken_back!: Yen"
             from public.tax_invoices as i where i.id = $1"#,
        id as TaxInvoiceId,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.buyer_id, row.taken_back))
}

struct Row {
    id: TaxInvoiceId,
    kind: DocumentKind,
    number: String,
    issued_for: IssuedFor,
    payment_id: PaymentId,
    issuer_name: String,
    issuer_address: Option<String>,
    registration_number: Option<String>,
    buyer_name: String,
    buyer_is_company: bool,
    buyer_department: Option<String>,
    buyer_address: Option<String>,
    lines: Value,
    totals: Value,
    total: Yen,
    tax: Yen,
    transaction_date: Date,
    issued_at: OffsetDateTime,
    invoice_number: Option<String>,
    invoice_date: Option<Date>,
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, DatabaseError> {
    serde_json::from_value(value).map_err(|fault| DatabaseError::Decode(fault.into()))
}

impl Row {
    fn document(self) -> Result<TaxInvoice, DatabaseError> {
        Ok(TaxInvoice {
            id: self.id,
            kind: self.kind,
            number: self.number,
            issued_for: self.issued_for,
            payment_id: self.payment_id,
            takes_back_from: self.invoice_number.zip(self.invoice_date),
            issuer: Issuer {
                name: self.issuer_name,
                address: self.issuer_address,
                registration_number: self.registration_number,
            },
            buyer: Addressee {
                is_company: self.buyer_is_company,
                name: self.buyer_name,
                department: self.buyer_department,
                address: self.buyer_address,
            },
            lines: read(self.lines)?,
            totals: read(self.totals)?,
            total: self.total,
            tax: self.tax,
            transaction_date: self.transaction_date,
            issued_at: self.issued_at,
        })
    }
}

/// A document; of somebody's transaction only their own.
pub(super) async fn find(tx: &mut Tx, id: TaxInvoiceId) -> Result<Option<TaxInvoice>, DatabaseError> {
    let row = sqlx::query_as!(
        Row,
        r#"select i.id as "id: TaxInvoiceId", i.kind as "kind: DocumentKind", i.number as "number!",
                  i.issued_for as "issued_for: IssuedFor", i.payment_id as "payment_id: PaymentId", i.issuer_name,
                  i.issuer_address, i.registration_number, i.buyer_name, i.buyer_is_company,
                  i.buyer_department, i.buyer_address, i.lines, i.totals, i.total_jpy as "total: Yen",
                  i.tax_jpy as "tax: Yen", i.transaction_date, i.issued_at, o.number as "invoice_number?",
                  o.transaction_date as "invoice_date?"
             from public.tax_invoices as i
             left join public.tax_invoices as o on o.id = i.invoice_id
            where i.id = $1"#,
        id as TaxInvoiceId,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Row::document).transpose()
}

/// Somebody's documents, the newest first; one more than wanted tells of a next page.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, buyer_id: UserId, page: &PageRequest) -> Result<Vec<TaxInvoice>, DatabaseError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select i.id as "id: TaxInvoiceId", i.kind as "kind: DocumentKind", i.number as "number!",
                  i.issued_for as "issued_for: IssuedFor", i.payment_id as "payment_id: PaymentId", i.issuer_name,
                  i.issuer_address, i.registration_number, i.buyer_name, i.buyer_is_company,
                  i.buyer_department, i.buyer_address, i.lines, i.totals, i.total_jpy as "total: Yen",
                  i.tax_jpy as "tax: Yen", i.transaction_date, i.issued_at, o.number as "invoice_number?",
                  o.transaction_date as "invoice_date?"
             from public.tax_invoices as i
             left join public.tax_invoices as o on o.id = i.invoice_id
            where i.buyer_id = $1
              and ($2::timestamptz is null or (i.issued_at, i.id) < ($2, $3::uuid))
            order by i.issued_at desc, i.id desc
            limit $4"#,
        buyer_id as UserId,
        page.after.map(|cursor| cursor.at),
        page.after.map(|cursor| cursor.id) as Option<Uuid>,
        page.fetch_limit(),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::document).collect()
}
