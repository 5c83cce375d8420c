//! Place an order: stock first, money afterwards.

use kernel::{Ctx, OrderId, ProductId, SystemReason, UserActor, Yen};
use payments::{NewPayment, Purpose, find_for};
use platform::{FieldProblem, Problem, Tx, audit};
use serde_json::json;
use time::macros::offset;
use time::{Duration, OffsetDateTime};

use super::model::{CheckoutError, PlacedOrder};
use super::queries::{self, NewOrder, Wanted};
use super::redirects::return_url;
use crate::stock::{self, Hold, StockError};
use crate::{Orders, settlement};
use catalog::products::{LicenseType, ProductStatus, readable_code};

/// Where the buyer wants to go afterwards, as a stranger wrote it.
#[derive(Clone, Debug, Default)]
pub struct ReturnAddresses {
    /// After paying; the order's page when there is none.
    pub success: Option<String>,
    /// After giving up; the order's page when there is none.
    pub cancel: Option<String>,
}

impl ReturnAddresses {
    /// Checks both before anything is done.
    ///
    /// # Errors
    /// With every address that is not allowed.
    pub fn check(&self, orders: &Orders) -> Result<(), Problem> {
        let config = &orders.app().config;
        let problems: Vec<FieldProblem> = [("successUrl", &self.success), ("cancelUrl", &self.cancel)]
            .into_iter()
            .filter_map(|(field, url)| return_url(config, field, url.as_deref(), "/").err())
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Problem::invalid(problems)) }
    }
}

/// Orders one product. An order of the same offer that can still be paid is used again, so that a double click or a
/// second thought does not hold two pieces. What is free is the buyer's at once.
///
/// `shown_price` is what the buyer agreed to, where a page has shown it.
///
/// # Errors
/// See [`CheckoutError`]; 403 `account_banned`, 422 for an address that is not allowed.
pub async fn place_order(
    orders: &Orders,
    ctx: &Ctx,
    buyer: &UserActor,
    product_id: ProductId,
    shown_price: Option<Yen>,
    addresses: &ReturnAddresses,
) -> Result<PlacedOrder, CheckoutError> {
    identity::require_active(buyer)?;
    addresses.check(orders)?;
    let mut tx = orders.app().db.begin_system(SystemReason::PlatformRules).await?;
    queries::queue_up(&mut tx, buyer.user_id, product_id).await?;
    let wanted = queries::wanted(&mut tx, product_id).await?.ok_or(CheckoutError::NotFound)?;
    check_wish(&mut tx, buyer, &wanted, shown_price).await?;
    if let Some(order_id) = queries::open_order(&mut tx, buyer.user_id, &wanted, ctx.now()).await?
        && let Some(payment) = find_for(&mut tx, Purpose::Order, order_id.uuid()).await?
    {
        return Ok(PlacedOrder { order_id, payment_id: Some(payment.id) });
    }
    let placed = write_down(orders, ctx, &mut tx, buyer, &wanted, addresses).await?;
    // Who asks again for what is not paid yet finds this order.
    if placed.payment_id.is_some() {
        tx.commit_repeatable().await?;
    } else {
        tx.commit().await?;
    }
    Ok(placed)
}

async fn check_wish(
    tx: &mut Tx,
    buyer: &UserActor,
    wanted: &Wanted,
    shown_price: Option<Yen>,
) -> Result<(), CheckoutError> {
    if wanted.seller_id == buyer.user_id {
        return Err(CheckoutError::OwnProduct);
    }
    let repeatable = wanted.license == Some(LicenseType::SingleUse);
    if !repeatable && queries::owns(tx, buyer.user_id, wanted.id).await? {
        return Err(CheckoutError::AlreadyOwned);
    }
    if !wanted.listed || wanted.status != ProductStatus::Active {
        return Err(CheckoutError::Unavailable);
    }
    if shown_price.is_some_and(|shown| shown != wanted.price) {
        return Err(CheckoutError::PriceChanged);
    }
    Ok(())
}

async fn write_down(
    orders: &Orders,
    ctx: &Ctx,
    tx: &mut Tx,
    buyer: &UserActor,
    wanted: &Wanted,
    addresses: &ReturnAddresses,
) -> Result<PlacedOrder, CheckoutError> {
    let config = &orders.app().config;
    let (order_id, item_id): (OrderId, _) = (ctx.new_id(), ctx.new_id());
    let expires_at = ctx.now() + Duration::minutes(i64::from(config.payments.checkout_minutes));
    let number = format!("M-{}-{}", day(ctx.now()), readable_code(ctx.random(), 8));
    let new = NewOrder { id: order_id, item_id, number: &number, buyer_id: buyer.user_id, wanted, expires_at };
    queries::insert_order(ctx, tx, &new).await?;
    let hold = Hold { order_id, order_item_id: item_id, product_id: wanted.id, expires_at };
    stock::hold(ctx, tx, &hold).await.map_err(|fault| match fault {
        StockError::Unavailable => CheckoutError::Unavailable,
        StockError::Database(fault) => fault.into(),
    })?;
    let diff = json!({"productId": wanted.id, "totalYen": wanted.price, "orderNumber": number});
    audit::record(ctx, tx, "orders.create", "order", Some(order_id.uuid()), &diff).await?;
    if wanted.price.is_zero() {
        settlement::settle_free(ctx, tx, orders.app(), order_id).await?;
        return Ok(PlacedOrder { order_id, payment_id: None });
    }
    let path = format!("/orders/{order_id}");
    let back = |field, url: &Option<String>, path: &str| {
        return_url(config, field, url.as_deref(), path).map_err(|problem| Problem::invalid(vec![problem]))
    };
    let payment = NewPayment {
        purpose: Purpose::Order,
        reference_id: order_id.uuid(),
        buyer_id: buyer.user_id,
        amount: wanted.price,
        description: wanted.title.clone(),
        success_url: back("successUrl", &addresses.success, &path)?,
        cancel_url: back("cancelUrl", &addresses.cancel, &path)?,
        expires_at,
    };
    let payment_id = orders.payments().open(ctx, tx, &payment).await?;
    Ok(PlacedOrder { order_id, payment_id: Some(payment_id) })
}

/// The day in Japan, as in numbers of orders and licences: `20261121`.
pub(crate) fn day(now: OffsetDateTime) -> String {
    let date = now.to_offset(offset!(+9)).date();
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}
