//! `GET /api/invoices` and `/api/invoices/{id}`.

use axum::extract::State;
use kernel::{PageRequest, Paginated, PaymentId, Yen};
use platform::http::{Member, Path, Query};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::ids::TaxInvoiceId;
use super::model::RateTotal;
use super::model::{DocumentKind, InvoiceLine, IssuedFor, TaxInvoice};
use super::queries;

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    pub(super) cursor: String,
    pub(super) limit: Option<u32>,
}

/// A document as the API shows it. Amounts are whole yen, tax included.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaxInvoiceBody {
    id: TaxInvoiceId,
    kind: DocumentKind,
    /// Whether it is a qualified invoice (適格請求書) or return invoice; else it is a receipt.
    qualified: bool,
    /// `YYYY-NNNNNN`.
    number: String,
    issued_for: IssuedFor,
    payment_id: PaymentId,
    /// Of a credit note: the number of the invoice that it takes back from.
    #[serde(skip_serializing_if = "Option::is_none")]
    original_number: Option<String>,
    issuer_name: String,
    issuer_address: Option<String>,
    registration_number: Option<String>,
    /// The addressee: a company (`buyerIsCompany`) or a person.
    buyer_name: String,
    buyer_is_company: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_address: Option<String>,
    lines: Vec<InvoiceLine>,
    totals: Vec<RateTotal>,
    #[schema(value_type = i64)]
    total: Yen,
    #[schema(value_type = i64)]
    tax: Yen,
    currency: &'static str,
    /// `YYYY-MM-DD`, in Japan.
    transaction_date: String,
    #[serde(with = "time::serde::rfc3339")]
    issued_at: OffsetDateTime,
    page_url: String,
    pdf_url: String,
}

impl TaxInvoiceBody {
    fn new(app: &App, document: TaxInvoice) -> Self {
        let date = document.transaction_date;
        Self {
            qualified: document.is_qualified(),
            original_number: document.takes_back_from.map(|(number, _)| number),
            transaction_date: format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()),
            page_url: app.config.absolute_url(&format!("/invoices/{}", document.id)),
            pdf_url: app.config.absolute_url(&format!("/invoices/{}.pdf", document.id)),
            id: document.id,
            kind: document.kind,
            number: document.number,
            issued_for: document.issued_for,
            payment_id: document.payment_id,
            issuer_name: document.issuer.name,
            issuer_address: document.issuer.address,
            registration_number: document.issuer.registration_number,
            buyer_name: document.buyer.name,
            buyer_is_company: document.buyer.is_company,
            buyer_department: document.buyer.department,
            buyer_address: document.buyer.address,
            lines: document.lines,
            totals: document.totals,
            total: document.total,
            tax: document.tax,
            currency: "JPY",
            issued_at: document.issued_at,
        }
    }
}

/// One's own invoices and credit notes, the newest first.
#[utoipa::path(get, path = "/api/invoices", tag = "payments", params(("cursor" = Option<String>, Query, description = "nextCursor of the page before"), ("limit" = Option<u32>, Query, description = "1 to 100")), responses((status = 200, body = Paginated<TaxInvoiceBody>), (status = 401, description = "unauthorized")))]
pub(super) async fn list(
    State(app): State<App>,
    member: Member,
    Query(part): Query<Part>,
) -> Result<axum::Json<Paginated<TaxInvoiceBody>>, Problem> {
    let request = PageRequest::parse(Some(&part.cursor), part.limit)?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let documents = queries::list(&mut tx, member.user.user_id, &request).await?;
    tx.commit().await?;
    let page = Paginated::from_rows(documents, &request, TaxInvoice::position);
    Ok(axum::Json(page.map(|document| TaxInvoiceBody::new(&app, document))))
}

/// One of one's own.
#[utoipa::path(get, path = "/api/invoices/{id}", tag = "payments", params(("id" = uuid::Uuid, Path, description = "the document")), responses((status = 200, body = TaxInvoiceBody), (status = 401, description = "unauthorized"), (status = 404, description = "not_found")))]
pub(super) async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<TaxInvoiceId>,
) -> Result<axum::Json<TaxInvoiceBody>, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let document = queries::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(axum::Json(TaxInvoiceBody::new(&app, document)))
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(list, show, super::addressee::api::show, super::addressee::api::set))]
struct Described;

/// Invoices, for the API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}
