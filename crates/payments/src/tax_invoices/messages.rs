//! What stands on a document, in the reader's language: the page and the PDF say the same.

use kernel::{Locale, Yen};
use time::Date;
use time::macros::offset;
use ui::Messages;

use super::model::{DocumentKind, TaxInvoice};

/// A document, ready to be set.
pub(super) struct Sheet {
    pub title: String,
    pub number: String,
    pub issued: String,
    pub buyer: String,
    /// Below it: the address.
    pub buyer_lines: Vec<String>,
    pub total_label: String,
    pub total: String,
    /// Dates, and what is taken back from.
    pub facts: Vec<(String, String)>,
    pub columns: [String; 3],
    pub lines: Vec<SheetLine>,
    /// Of each rate: everything, and the tax in it.
    pub sums: Vec<(String, String)>,
    /// Name, address and registration number.
    pub issuer: Vec<String>,
    pub note: String,
    /// By which a file is found: the document's number and the issuer's.
    pub keywords: Vec<String>,
}

/// A line of a document.
pub(super) struct SheetLine {
    pub description: String,
    pub quantity: String,
    pub amount: String,
}

/// A day, as people write it.
fn date_in_words(t: Messages, date: Date) -> String {
    match t.locale() {
        Locale::Ja => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}

/// What the document is called. Only who has a registration number may call it a qualified one.
pub(super) fn title_of(t: Messages, document: &TaxInvoice) -> String {
    t.say(match (document.kind, document.is_qualified()) {
        (DocumentKind::Invoice, true) => "tax-invoice-title-qualified",
        (DocumentKind::Invoice, false) => "tax-invoice-title-receipt",
        (DocumentKind::CreditNote, true) => "tax-invoice-title-return",
        (DocumentKind::CreditNote, false) => "tax-invoice-title-refund",
    })
}

/// The day of a document's transaction, for a list.
pub(super) fn transaction_day(t: Messages, document: &TaxInvoice) -> String {
    date_in_words(t, document.transaction_date)
}

impl Sheet {
    /// Everything that the law wants on it, and nothing that was not so on the day of issue.
    pub(super) fn of(t: Messages, document: &TaxInvoice) -> Self {
        let returned = document.kind == DocumentKind::CreditNote;
        let key =
            |invoice: &'static str, credit_note: &'static str| t.say(if returned { credit_note } else { invoice });
        let day = date_in_words(t, document.transaction_date);
        let mut facts = vec![(key("tax-invoice-date", "tax-invoice-return-date"), day)];
        if let Some((number, date)) = &document.takes_back_from {
            facts.push((t.say("tax-invoice-original-number"), number.clone()));
            facts.push((t.say("tax-invoice-original-date"), date_in_words(t, *date)));
        }
        Self {
            title: title_of(t, document),
            number: t.say_with("tax-invoice-number", ui::arg("number", &document.number)),
            issued: t.say_with(
                "tax-invoice-issued",
                ui::arg("date", date_in_words(t, document.issued_at.to_offset(offset!(+9)).date())),
            ),
            buyer: buyer(t, document),
            buyer_lines: document.buyer.address.iter().cloned().collect(),
            total_label: key("tax-invoice-total", "tax-invoice-return-total"),
            total: t.yen_amount(&document.total),
            facts,
            columns: ["tax-invoice-what", "tax-invoice-quantity", "tax-invoice-amount"].map(|key| t.say(key)),
            lines: document
                .lines
                .iter()
                .map(|line| SheetLine {
                    description: line.description.clone(),
                    quantity: line.quantity.to_string(),
                    amount: amount(t, line.amount_with_tax),
                })
                .collect(),
            sums: sums(t, document),
            issuer: issuer(t, document),
            keywords: std::iter::once(&document.number).chain(&document.issuer.registration_number).cloned().collect(),
            note: match (returned, document.is_qualified()) {
                (true, _) => t.say("tax-invoice-note-return"),
                (false, true) => t.say("tax-invoice-note-paid"),
                (false, false) => t.say("tax-invoice-note-receipt"),
            },
        }
    }
}

/// An amount that may count against the rest.
fn amount(t: Messages, amount: Yen) -> String {
    if amount < Yen::ZERO { format!("−{}", t.yen_amount(&-amount)) } else { t.yen_amount(&amount) }
}

fn sums(t: Messages, document: &TaxInvoice) -> Vec<(String, String)> {
    let of_rate = |key: &str, percent: i64| t.say_with(key, ui::arg("percent", percent));
    document
        .totals
        .iter()
        .flat_map(|total| {
            let percent = total.rate.percent();
            [
                (of_rate("tax-invoice-rate-total", percent), t.yen_amount(&total.amount_with_tax)),
                (of_rate("tax-invoice-rate-tax", percent), t.yen_amount(&total.tax)),
            ]
        })
        .collect()
}

/// The addressee as characters have it: a company with its department, or a person.
fn buyer(t: Messages, document: &TaxInvoice) -> String {
    let buyer = &document.buyer;
    let name = match &buyer.department {
        Some(department) => format!("{} {department}", buyer.name),
        None => buyer.name.clone(),
    };
    t.say_with(if buyer.is_company { "tax-invoice-to-company" } else { "tax-invoice-to" }, ui::arg("name", name))
}

fn issuer(t: Messages, document: &TaxInvoice) -> Vec<String> {
    let number = document.issuer.registration_number.as_ref();
    [
        Some(document.issuer.name.clone()),
        document.issuer.address.clone(),
        number.map(|number| t.say_with("tax-invoice-registration", ui::arg("number", number))),
    ]
    .into_iter()
    .flatten()
    .collect()
}
