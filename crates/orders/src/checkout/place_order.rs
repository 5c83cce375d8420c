//! Place an order: its stock is reserved before anybody is asked to pay.

use catalog::inventory::Inventory;
use catalog::products::{CurrentOffer, ProductKind, ProductStatus, current_offers, readable_code};
use kernel::{Ctx, OrderId, SystemReason, UserActor};
use payments::{NewPayment, Purpose, find_for};
use platform::{FieldProblem, Problem, Tx, audit};
use serde_json::json;
use time::Duration;

use super::model::{CheckoutError, PlacedOrder, PurchaseRequest};
use super::queries::{self, NewOrder};
use super::redirects::return_url;
use crate::settlement::settle_free::settle_free;
use crate::state::Orders;
use crate::stock::model::Hold;
use crate::stock::reserve::reserve;

/// Where the buyer wants to go afterwards, unchecked.
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
    /// 422 with every address that is not allowed.
    pub fn check(&self, orders: &Orders) -> Result<(), Problem> {
        let config = &orders.app().config;
        let problems: Vec<FieldProblem> = [("successUrl", &self.success), ("cancelUrl", &self.cancel)]
            .into_iter()
            .filter_map(|(field, url)| return_url(config, field, url.as_deref(), "/").err())
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Problem::invalid(problems)) }
    }
}

/// Orders one product. An order of the same offer that can still be paid is used again, so that a double click reserves
/// one licence. A free product is delivered at once.
///
/// # Errors
/// See [`CheckoutError`]; 403 `account_banned`, 422 for an address that is not allowed.
pub async fn place_order(
    orders: &Orders,
    ctx: &Ctx,
    buyer: &UserActor,
    request: PurchaseRequest,
    addresses: &ReturnAddresses,
) -> Result<PlacedOrder, CheckoutError> {
    identity::require_active(buyer)?;
    addresses.check(orders)?;
    let mut tx = orders.app().db.begin_system(SystemReason::PlatformRules).await?;
    queries::lock_products(&mut tx, buyer.user_id, request.product_id).await?;
    let inventory = Inventory::lock(&mut tx, &[request.product_id]).await?;
    let offer = current_offers(&mut tx, &[request.product_id]).await?.pop().ok_or(CheckoutError::NotFound)?;
    check_request(&mut tx, buyer, request, &offer).await?;
    if let Some(order_id) = queries::open_order(&mut tx, buyer.user_id, &offer, ctx.now()).await?
        && let Some(payment) = find_for(&mut tx, Purpose::Order, order_id.uuid()).await?
    {
        return Ok(PlacedOrder { order_id, payment_id: Some(payment.id) });
    }
    let placed = create_order(orders, ctx, &mut tx, buyer, &offer, inventory, addresses).await?;
    // A repeated request finds the unpaid order.
    if placed.payment_id.is_some() {
        tx.commit_repeatable().await?;
    } else {
        tx.commit().await?;
    }
    Ok(placed)
}

async fn check_request(
    tx: &mut Tx,
    buyer: &UserActor,
    request: PurchaseRequest,
    offer: &CurrentOffer,
) -> Result<(), CheckoutError> {
    if offer.seller_id == buyer.user_id {
        return Err(CheckoutError::OwnProduct);
    }
    if !offer.terms.is_repeatable() && queries::owns(tx, buyer.user_id, offer.product_id).await? {
        return Err(CheckoutError::AlreadyOwned);
    }
    if !offer.listed || offer.status != ProductStatus::Active {
        return Err(CheckoutError::Unavailable);
    }
    match offer.terms.kind() {
        ProductKind::Design => {}
        // Nothing delivers prompts yet, so nobody is asked to pay for one.
        ProductKind::Prompt => return Err(CheckoutError::NotFulfillable),
    }
    if request.shown_price.is_some_and(|shown| shown != offer.price) {
        return Err(CheckoutError::PriceChanged);
    }
    Ok(())
}

async fn create_order(
    orders: &Orders,
    ctx: &Ctx,
    tx: &mut Tx,
    buyer: &UserActor,
    offer: &CurrentOffer,
    inventory: Inventory,
    addresses: &ReturnAddresses,
) -> Result<PlacedOrder, CheckoutError> {
    let (app, config) = (orders.app(), &orders.app().config);
    let (order_id, item_id): (OrderId, _) = (ctx.new_id(), ctx.new_id());
    let expires_at = ctx.now() + Duration::minutes(i64::from(config.payments.checkout_minutes));
    let number = format!("M-{}-{}", ui::dates::compact(ctx.now()), readable_code(ctx.random(), 8));
    let new = NewOrder { id: order_id, item_id, number: &number, buyer_id: buyer.user_id, offer, expires_at };
    queries::insert_order(ctx, tx, &new).await?;
    let hold = Hold { order_id, order_item_id: item_id, product_id: offer.product_id, expires_at };
    reserve(ctx, app, tx, inventory, &[hold]).await?;
    let diff = json!({"productId": offer.product_id, "totalYen": offer.price, "orderNumber": number});
    audit::record(ctx, tx, "orders.create", "order", Some(order_id.uuid()), &diff).await?;
    if offer.price.is_zero() {
        settle_free(ctx, tx, app, order_id).await?;
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
        amount: offer.price,
        description: offer.title.clone(),
        success_url: back("successUrl", &addresses.success, &path)?,
        cancel_url: back("cancelUrl", &addresses.cancel, &path)?,
        expires_at,
    };
    let payment_id = orders.payments().open(ctx, tx, &payment).await?;
    Ok(PlacedOrder { order_id, payment_id: Some(payment_id) })
}
