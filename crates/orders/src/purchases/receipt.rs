//! `/orders/{id}/receipt`: to print or to keep.

use askama::Template;
use axum::extract::State;
use kernel::{OrderId, Yen};
use payments::{Purpose, find_for};
use platform::http::{Member, Path};
use platform::{App, Problem};
use ui::{Messages, Page};

use super::items::items;
use super::model::tax_included;
use super::queries;
use crate::status::OrderStatus;

#[derive(Template)]
#[template(path = "purchases/receipt.html")]
struct ReceiptTemplate {
    t: Messages,
    number: String,
    order_href: String,
    date: String,
    buyer: String,
    total: Yen,
    tax: String,
    method: String,
    lines: Vec<(String, String, String)>,
    is_refunded: bool,
}

/// The payment provider. Names of companies stay as they are; the sandbox is named in the reader's language.
fn method_in_words(t: Messages, provider_name: String) -> String {
    if provider_name == "Sandbox" { t.say("receipt-method-sandbox") } else { provider_name }
}

pub(super) async fn show(State(app): State<App>, member: Member, Path(id): Path<OrderId>) -> Result<Page, Problem> {
    let t = Messages::new(member.ctx.locale);
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let order = queries::order(&mut tx, member.user.user_id, id).await?.ok_or_else(Problem::not_found)?;
    let items = items(&mut tx, member.user.user_id, &[id]).await?;
    let payment = find_for(&mut tx, Purpose::Order, id.uuid()).await?;
    tx.commit().await?;
    // An order that was never paid has no receipt.
    let paid_at = order.paid_at.ok_or_else(Problem::not_found)?;
    let body = ReceiptTemplate {
        t,
        order_href: format!("/orders/{id}"),
        date: ui::dates::day(t.locale(), paid_at),
        buyer: member.user.display_name.clone(),
        total: order.total,
        tax: t.yen_amount(&tax_included(order.total)),
        method: payment.map(|payment| method_in_words(t, payment.provider_name)).unwrap_or_default(),
        lines: items
            .iter()
            .map(|item| (item.title.clone(), item.card.seller_name.clone(), t.yen_amount(&item.row.price)))
            .collect(),
        is_refunded: order.status == OrderStatus::Refunded,
        number: order.number.clone(),
    };
    let title = t.say_with("receipt-title-of", ui::arg("number", &order.number));
    Ok(Page::new(title, body.render().map_err(Problem::internal)?).private().island("orders"))
}
