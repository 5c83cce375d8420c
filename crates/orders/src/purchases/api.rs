//! `GET /api/orders`, `/api/orders/{id}`, `/api/entitlements`; `POST /api/orders/{id}/cancel`.

use axum::extract::State;
use catalog::products::{LicenseType, ProductKind};
use kernel::{Cursor, EntitlementId, OrderId, PageRequest, Paginated, ProductId, ProductVersionId, UserId};
use payments::{PaymentView, Purpose, find_for};
use platform::http::{Member, Path, Query};
use platform::{App, Problem, Tx};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::cancel::cancel_order;
use super::items::items;
use super::model::{Item, Order, Progress};
use super::queries;
use crate::state::Orders;
use crate::status::OrderStatus;

/// Which part of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    cursor: String,
    limit: Option<u32>,
}

/// An order as the API shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderBody {
    id: OrderId,
    order_number: String,
    status: OrderStatus,
    progress: Progress,
    total_amount: i64,
    currency: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    paid_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    refunded_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkout_url: Option<String>,
    /// The address of the convenience store slip, while it waits to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    slip_url: Option<String>,
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    slip_expires_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_failure_code: Option<String>,
    items: Vec<ItemBody>,
}

/// A line of an order as the API shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemBody {
    listing_id: ProductId,
    version_id: ProductVersionId,
    title: String,
    seller_id: UserId,
    seller_name: String,
    price: i64,
    kind: ProductKind,
    /// The licence of a design; absent for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    license_type: Option<LicenseType>,
    entitlement_id: Option<EntitlementId>,
    licence_number: Option<String>,
    /// Present once the package is ready; needs the buyer's session or token.
    download_url: Option<String>,
}

/// What a buyer may download, without end.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntitlementBody {
    id: EntitlementId,
    order_id: OrderId,
    #[serde(with = "time::serde::rfc3339")]
    granted_at: OffsetDateTime,
    #[serde(flatten)]
    item: ItemBody,
}

impl ItemBody {
    fn new(app: &App, item: &Item) -> Self {
        let row = &item.row;
        let ready = row.entitlement_id.filter(|_| item.is_entitled() && item.is_packed());
        Self {
            listing_id: row.product_id,
            version_id: row.version_id,
            title: item.title.clone(),
            seller_id: row.seller_id,
            seller_name: item.card.seller_name.clone(),
            price: row.price.get(),
            kind: item.terms.kind(),
            license_type: item.terms.license_type(),
            entitlement_id: row.entitlement_id.filter(|_| item.is_entitled()),
            licence_number: row.licence_number.clone(),
            download_url: ready.map(|id| app.config.absolute_url(&format!("/api/entitlements/{id}/download"))),
        }
    }
}

impl OrderBody {
    fn new(app: &App, order: Order, items: &[Item], payment: Option<&PaymentView>) -> Self {
        let progress = Progress::of(&order, items, payment);
        let may_be_paid = progress == Progress::AwaitingPayment;
        let voucher = payment.and_then(|payment| payment.voucher.as_ref());
        Self {
            progress,
            checkout_url: payment.and_then(|payment| payment.checkout_url.clone()).filter(|_| may_be_paid),
            slip_url: voucher.map(|voucher| voucher.url.clone()),
            slip_expires_at: voucher.and_then(|voucher| voucher.expires_at),
            last_failure_code: payment.and_then(|payment| payment.last_failure_code.clone()),
            items: items.iter().map(|item| ItemBody::new(app, item)).collect(),
            id: order.id,
            order_number: order.number,
            status: order.status,
            total_amount: order.total.get(),
            currency: "JPY",
            created_at: order.created_at,
            expires_at: order.expires_at,
            paid_at: order.paid_at,
            refunded_at: order.refunded_at,
        }
    }
}

/// The orders of the account, newest first.
#[utoipa::path(get, path = "/api/orders", tag = "orders", params(("cursor" = Option<String>, Query, description = "nextCursor of the page before"), ("limit" = Option<u32>, Query, description = "1 to 1000")), responses((status = 200, body = kernel::Paginated<OrderBody>), (status = 401, description = "unauthorized")))]
pub(super) async fn orders(
    State(app): State<App>,
    member: Member,
    Query(part): Query<Part>,
) -> Result<axum::Json<Paginated<OrderBody>>, Problem> {
    let request = PageRequest::parse(Some(&part.cursor), part.limit)?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let orders = queries::orders(&mut tx, member.user.user_id, &request).await?;
    let page = Paginated::from_rows(orders, &request, Order::position);
    let ids: Vec<OrderId> = page.items.iter().map(|order| order.id).collect();
    let items = items(&mut tx, member.user.user_id, &ids).await?;
    tx.commit().await?;
    Ok(axum::Json(page.map(|order| {
        let own: Vec<Item> = items.iter().filter(|item| item.row.order_id == order.id).cloned().collect();
        OrderBody::new(&app, order, &own, None)
    })))
}

async fn one(app: &App, tx: &mut Tx, buyer_id: UserId, id: OrderId) -> Result<OrderBody, Problem> {
    let order = queries::order(tx, buyer_id, id).await?.ok_or_else(Problem::not_found)?;
    let items = items(tx, buyer_id, &[id]).await?;
    let payment = find_for(tx, Purpose::Order, id.uuid()).await?;
    Ok(OrderBody::new(app, order, &items, payment.as_ref()))
}

/// One order.
#[utoipa::path(get, path = "/api/orders/{id}", tag = "orders", params(("id" = uuid::Uuid, Path, description = "the order")), responses((status = 200, body = OrderBody), (status = 404, description = "not_found")))]
pub(super) async fn order(
    State(app): State<App>,
    member: Member,
    Path(id): Path<OrderId>,
) -> Result<axum::Json<OrderBody>, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let body = one(&app, &mut tx, member.user.user_id, id).await?;
    tx.commit().await?;
    Ok(axum::Json(body))
}

/// Cancels an order that is not paid.
#[utoipa::path(post, path = "/api/orders/{id}/cancel", tag = "orders", params(("id" = uuid::Uuid, Path, description = "the order")), responses((status = 200), (status = 404, description = "not_found"), (status = 409, description = "it is paid")))]
pub(super) async fn cancel(
    State(orders): State<Orders>,
    member: Member,
    Path(id): Path<OrderId>,
) -> Result<axum::Json<OrderBody>, Problem> {
    cancel_order(&orders, &member.ctx, &member.user, id).await?;
    let mut tx = orders.app().db.begin_as(&member.ctx).await?;
    let body = one(orders.app(), &mut tx, member.user.user_id, id).await?;
    tx.commit().await?;
    Ok(axum::Json(body))
}

/// The entitlements of the account, newest first.
#[utoipa::path(get, path = "/api/entitlements", tag = "orders", params(("cursor" = Option<String>, Query, description = "nextCursor of the page before"), ("limit" = Option<u32>, Query, description = "1 to 1000")), responses((status = 200, body = kernel::Paginated<EntitlementBody>), (status = 401, description = "unauthorized")))]
pub(super) async fn entitlements(
    State(app): State<App>,
    member: Member,
    Query(part): Query<Part>,
) -> Result<axum::Json<Paginated<EntitlementBody>>, Problem> {
    let request = PageRequest::parse(Some(&part.cursor), part.limit)?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let rights = queries::entitled(&mut tx, member.user.user_id, &request).await?;
    let page = Paginated::from_rows(rights, &request, |(id, at, _)| Cursor { at: *at, id: id.uuid() });
    let orders: Vec<OrderId> = page.items.iter().map(|(_, _, order_id)| *order_id).collect();
    let items = items(&mut tx, member.user.user_id, &orders).await?;
    tx.commit().await?;
    let body = |(id, granted_at, order_id): (EntitlementId, OffsetDateTime, OrderId)| {
        let item = items.iter().find(|item| item.row.entitlement_id == Some(id))?;
        Some(EntitlementBody { id, order_id, granted_at, item: ItemBody::new(&app, item) })
    };
    let Paginated { items: rights, next_cursor } = page;
    Ok(axum::Json(Paginated { items: rights.into_iter().filter_map(body).collect(), next_cursor }))
}

/// The OpenAPI description of these paths.
#[derive(utoipa::OpenApi)]
#[openapi(paths(orders, order, cancel, entitlements))]
pub(crate) struct Documented;
