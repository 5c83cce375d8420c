//! `/orders` and `/orders/{id}`.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use catalog::gallery::picture_of;
use kernel::{OrderId, PageRequest, Paginated, Yen};
use payments::{PaymentError, PaymentView, Purpose, find_for};
use platform::http::{Member, Path, Query};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{Messages, Page, Picture, redirect_with_toast};

use super::cancel::cancel_order;
use super::items::items;
use super::model::{Item, Order, Progress};
use super::queries;
use crate::state::Orders;
use crate::status::OrderStatus;

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    cursor: String,
}

/// One row of the list.
struct Row {
    href: String,
    title: String,
    maker: String,
    picture: Picture,
    date: String,
    state: String,
    badge: &'static str,
    icon: &'static str,
    total: Yen,
    download_href: String,
    receipt_href: String,
}

#[derive(Template)]
#[template(path = "purchases/list.html")]
struct ListTemplate {
    t: Messages,
    rows: Vec<Row>,
    next_href: String,
}

#[derive(Template)]
#[template(path = "purchases/order.html")]
struct OrderTemplate {
    t: Messages,
    number: String,
    date: String,
    total: Yen,
    word: &'static str,
    state: String,
    badge: &'static str,
    icon: &'static str,
    is_moving: bool,
    may_pay: bool,
    pay_action: String,
    cancel_action: String,
    failure: String,
    pay_until: String,
    slip_href: String,
    slip_until: String,
    receipt_href: String,
    lines: Vec<Line>,
}

/// An item of an order.
struct Line {
    title: String,
    href: String,
    maker: String,
    picture: Picture,
    price: Yen,
    license: String,
    licence_number: String,
    download_href: String,
}

/// The picture of an item's product, with the title under which it was bought.
fn picture(app: &App, item: &Item) -> Picture {
    Picture { alt: item.title.clone(), ..picture_of(app, &item.card) }
}

fn download_href(item: &Item) -> String {
    let ready = item.row.entitlement_id.filter(|_| item.is_entitled() && item.is_packed());
    ready.map(|id| format!("/api/entitlements/{id}/download")).unwrap_or_default()
}

fn receipt_href(order: &Order) -> String {
    if order.paid_at.is_some() && !order.total.is_zero() {
        format!("/orders/{}/receipt", order.id)
    } else {
        String::new()
    }
}

pub(super) async fn list(State(app): State<App>, member: Member, Query(part): Query<Part>) -> Result<Page, Problem> {
    let t = Messages::new(member.ctx.locale);
    let request = PageRequest::parse(Some(&part.cursor), None)?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let orders = queries::orders(&mut tx, member.user.user_id, &request).await?;
    let page = Paginated::from_rows(orders, &request, Order::position);
    let ids: Vec<OrderId> = page.items.iter().map(|order| order.id).collect();
    let items = items(&mut tx, member.user.user_id, &ids).await?;
    let mut payments = HashMap::new();
    // Only pending orders depend on their payment, and a page seldom has more than one.
    for order in page.items.iter().filter(|order| order.status == OrderStatus::Pending) {
        payments.insert(order.id, find_for(&mut tx, Purpose::Order, order.id.uuid()).await?);
    }
    tx.commit().await?;
    let row = |order: &Order| {
        let own: Vec<Item> = items.iter().filter(|item| item.row.order_id == order.id).cloned().collect();
        let first = own.first()?;
        let progress = Progress::of(order, &own, payments.get(&order.id).and_then(Option::as_ref));
        let (badge, icon) = progress.look();
        Some(Row {
            href: format!("/orders/{}", order.id),
            title: first.title.clone(),
            maker: first.card.seller_name.clone(),
            picture: picture(&app, first),
            date: ui::dates::day(t.locale(), order.created_at),
            state: t.say(&format!("order-state-{}", progress.word())),
            badge,
            icon,
            total: order.total,
            download_href: download_href(first),
            receipt_href: receipt_href(order),
        })
    };
    let body = ListTemplate {
        t,
        rows: page.items.iter().filter_map(row).collect(),
        next_href: page.next_cursor.map(|cursor| format!("/orders?cursor={cursor}")).unwrap_or_default(),
    };
    Ok(Page::new(t.say("nav-orders"), body.render().map_err(Problem::internal)?).private())
}

pub(super) async fn show(State(app): State<App>, member: Member, Path(id): Path<OrderId>) -> Result<Page, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let order = queries::order(&mut tx, member.user.user_id, id).await?.ok_or_else(Problem::not_found)?;
    let items = items(&mut tx, member.user.user_id, &[id]).await?;
    let payment = find_for(&mut tx, Purpose::Order, id.uuid()).await?;
    tx.commit().await?;
    let t = Messages::new(member.ctx.locale);
    let body = order_template(&app, t, &order, &items, payment.as_ref());
    let title = t.say_with("order-title", ui::arg("number", &order.number));
    Ok(Page::new(title, body.render().map_err(Problem::internal)?).private().island("orders"))
}

fn order_template(
    app: &App,
    t: Messages,
    order: &Order,
    items: &[Item],
    payment: Option<&PaymentView>,
) -> OrderTemplate {
    let progress = Progress::of(order, items, payment);
    let (badge, icon) = progress.look();
    let may_pay = progress == Progress::AwaitingPayment;
    let failed = payment.filter(|_| may_pay).and_then(|payment| payment.last_failure_code.as_deref());
    let until = payment.map_or(order.expires_at, |payment| payment.expires_at).to_offset(ui::dates::JAPAN);
    let line = |item: &Item| Line {
        title: item.title.clone(),
        href: format!("/d/{}", item.card.slug),
        maker: item.card.seller_name.clone(),
        picture: picture(app, item),
        price: item.row.price,
        license: t.say(&item.terms.message_key("name")),
        licence_number: item.row.licence_number.clone().unwrap_or_default(),
        download_href: download_href(item),
    };
    let voucher = payment.and_then(|payment| payment.voucher.as_ref());
    OrderTemplate {
        t,
        number: order.number.clone(),
        date: ui::dates::day(t.locale(), order.created_at),
        total: order.total,
        word: progress.word(),
        state: t.say(&format!("order-state-{}", progress.word())),
        badge,
        icon,
        is_moving: progress.is_moving(),
        may_pay,
        pay_action: format!("/orders/{}/pay", order.id),
        cancel_action: format!("/orders/{}/cancel", order.id),
        failure: if failed.is_some() { t.say("order-payment-failed") } else { String::new() },
        pay_until: format!("{:02}:{:02}", until.hour(), until.minute()),
        slip_href: voucher.map(|voucher| voucher.url.clone()).unwrap_or_default(),
        slip_until: voucher
            .and_then(|voucher| voucher.expires_at)
            .map(|at| ui::dates::minute(t.locale(), at))
            .unwrap_or_default(),
        receipt_href: receipt_href(order),
        lines: items.iter().map(line).collect(),
    }
}

/// Redirects to the payment of a pending order.
pub(super) async fn pay(
    State(orders): State<Orders>,
    member: Member,
    Path(id): Path<OrderId>,
) -> Result<Response, Problem> {
    let mut tx = orders.app().db.begin_as(&member.ctx).await?;
    queries::order(&mut tx, member.user.user_id, id).await?.ok_or_else(Problem::not_found)?;
    let payment = find_for(&mut tx, Purpose::Order, id.uuid()).await?;
    tx.commit().await?;
    let (config, path) = (&orders.app().config, format!("/orders/{id}"));
    let Some(payment) = payment else { return Ok(Redirect::to(&path).into_response()) };
    match orders.payments().redirect_url(&member.ctx, payment.id).await {
        Ok(url) => Ok(Redirect::to(url.as_str()).into_response()),
        Err(PaymentError::AlreadyPaid) => Ok(Redirect::to(&path).into_response()),
        Err(PaymentError::Lapsed) => Ok(redirect_with_toast(config, &path, "danger", "toast-payment-lapsed")),
        Err(PaymentError::ProviderUnavailable(_)) => {
            Ok(redirect_with_toast(config, &path, "danger", "toast-payment-unavailable"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Cancels a pending order.
pub(super) async fn cancel(
    State(orders): State<Orders>,
    member: Member,
    Path(id): Path<OrderId>,
) -> Result<Response, Problem> {
    let (config, path) = (&orders.app().config, format!("/orders/{id}"));
    match cancel_order(&orders, &member.ctx, &member.user, id).await {
        Ok(()) => Ok(redirect_with_toast(config, &path, "success", "toast-order-cancelled")),
        Err(problem) if problem.code() == "order_not_pending" => Ok(Redirect::to(&path).into_response()),
        Err(problem) => Err(problem),
    }
}
