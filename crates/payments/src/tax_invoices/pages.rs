//! `/invoices`, `/invoices/{id}` to print or to keep, and `/invoices/{id}.pdf`.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, header};
use kernel::{PageRequest, Paginated};
use platform::http::{Member, Path, Query};
use platform::{App, Problem};
use ui::{Messages, Page};

use super::api::Part;
use super::ids::TaxInvoiceId;
use super::messages;
use super::messages::Sheet;
use super::model::TaxInvoice;
use super::{pdf, queries};

#[derive(Template)]
#[template(path = "tax_invoices/invoice.html")]
struct InvoiceTemplate {
    t: Messages,
    sheet: Sheet,
    pdf_href: String,
}

struct Row {
    href: String,
    pdf_href: String,
    number: String,
    title: String,
    day: String,
    total: String,
}

#[derive(Template)]
#[template(path = "tax_invoices/list.html")]
struct ListTemplate {
    t: Messages,
    rows: Vec<Row>,
    next_href: String,
}

pub(super) async fn list(State(app): State<App>, member: Member, Query(part): Query<Part>) -> Result<Page, Problem> {
    let t = Messages::new(member.ctx.locale);
    let request = PageRequest::parse(Some(&part.cursor), part.limit)?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let documents = queries::list(&mut tx, member.user.user_id, &request).await?;
    tx.commit().await?;
    let page = Paginated::from_rows(documents, &request, TaxInvoice::position);
    let row = |document: &TaxInvoice| Row {
        href: format!("/invoices/{}", document.id),
        pdf_href: format!("/invoices/{}.pdf", document.id),
        number: document.number.clone(),
        title: messages::title_of(t, document),
        day: messages::transaction_day(t, document),
        total: t.yen_amount(&document.total),
    };
    let body = ListTemplate {
        t,
        rows: page.items.iter().map(row).collect(),
        next_href: page.next_cursor.map(|cursor| format!("/invoices?cursor={cursor}")).unwrap_or_default(),
    };
    Ok(Page::new(t.say("tax-invoices-title"), body.render().map_err(Problem::internal)?).private())
}

/// The page, or with `.pdf` behind the id the file.
pub(super) async fn show(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let (id, as_pdf) = name.strip_suffix(".pdf").map_or((name.as_str(), false), |id| (id, true));
    let id: TaxInvoiceId = id.parse().map_err(|_| Problem::not_found())?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let document = queries::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    let t = Messages::new(member.ctx.locale);
    let sheet = Sheet::of(t, &document);
    if as_pdf {
        return file(sheet, t.tag(), &document.number).await;
    }
    let title = format!("{} {}", sheet.title, document.number);
    let body = InvoiceTemplate { t, sheet, pdf_href: format!("/invoices/{id}.pdf") };
    Ok(Page::new(title, body.render().map_err(Problem::internal)?).private().island("orders").into_response())
}

async fn file(sheet: Sheet, language: &'static str, number: &str) -> Result<Response, Problem> {
    let drawn = tokio::task::spawn_blocking(move || pdf::draw(&sheet, language)).await.map_err(Problem::internal)?;
    let bytes = drawn.map_err(|fault| match fault {
        pdf::PdfError::NoFont => Problem::unavailable("invoice_font_missing", fault),
        _ => Problem::internal(fault),
    })?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{number}.pdf\"")).map_err(Problem::internal)?;
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}
