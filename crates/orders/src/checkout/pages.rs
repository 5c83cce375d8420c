//! `/d/{slug}/buy`: everything that a buyer should know, shown once more before the order is placed (特定商取引法, the
//! final confirmation screen).

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use catalog::gallery::{find_product, is_key, license_words, picture_of};
use kernel::{ProductId, Yen};
use payments::PaymentError;
use platform::Problem;
use platform::http::{Form, Member, Path};
use serde::Deserialize;
use ui::{Messages, Page, Picture, redirect_with_toast};

use super::model::{CheckoutError, PurchaseRequest};
use super::place_order::{ReturnAddresses, place_order};
use crate::limits;
use crate::state::Orders;

#[derive(Template)]
#[template(path = "checkout/confirm.html")]
struct ConfirmPage {
    t: Messages,
    title: String,
    product_href: String,
    action: String,
    product_id: ProductId,
    price: Yen,
    maker: String,
    license_name: String,
    license_words: Vec<String>,
    picture: Picture,
    minutes: u32,
}

pub(super) async fn confirm(
    State(orders): State<Orders>,
    member: Member,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    if !is_key(&key) {
        return Err(Problem::not_found());
    }
    // Checked before an order is read through for nothing.
    identity::require_active(&member.user)?;
    let (app, t) = (orders.app(), Messages::new(member.ctx.locale));
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let product = find_product(&mut tx, &key, member.ctx.locale).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    let card = &product.card;
    let product_href = format!("/d/{}", card.slug);
    if !product.listed || card.seller_id == member.user.user_id {
        // The product's own page says why it cannot be bought.
        return Ok(Redirect::to(&product_href).into_response());
    }
    let body = ConfirmPage {
        t,
        title: card.title.clone(),
        action: format!("{product_href}/buy"),
        product_href,
        product_id: card.id,
        price: card.price,
        maker: card.seller_name.clone(),
        license_name: t.say(&card.terms.message_key("name")),
        license_words: license_words(t, card.terms),
        picture: picture_of(app, card),
        minutes: app.config.payments.checkout_minutes,
    };
    let page = Page::new(t.say("confirm-order-title"), body.render().map_err(Problem::internal)?);
    Ok(page.private().into_response())
}

/// What the buyer agreed to.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Agreed {
    product_id: ProductId,
    price: i64,
}

pub(super) async fn buy(
    State(orders): State<Orders>,
    member: Member,
    Path(key): Path<String>,
    Form(agreed): Form<Agreed>,
) -> Result<Response, Problem> {
    if !is_key(&key) {
        return Err(Problem::not_found());
    }
    limits::ordering(&orders, &member).await?;
    let config = &orders.app().config;
    let addresses = ReturnAddresses::default();
    let request = PurchaseRequest { product_id: agreed.product_id, shown_price: Some(Yen(agreed.price)) };
    let placed = match place_order(&orders, &member.ctx, &member.user, request, &addresses).await {
        Ok(placed) => placed,
        Err(CheckoutError::PriceChanged) => {
            let path = format!("/d/{key}/buy");
            return Ok(redirect_with_toast(config, &path, "danger", "toast-price-changed"));
        }
        Err(CheckoutError::Unavailable | CheckoutError::NotFulfillable) => {
            let path = format!("/d/{key}");
            return Ok(redirect_with_toast(config, &path, "danger", "toast-unavailable"));
        }
        Err(error) => return Err(error.into()),
    };
    let order_path = format!("/orders/{}", placed.order_id);
    let Some(payment_id) = placed.payment_id else { return Ok(Redirect::to(&order_path).into_response()) };
    match orders.payments().redirect_url(&member.ctx, payment_id).await {
        Ok(url) => Ok(Redirect::to(url.as_str()).into_response()),
        // The order exists, and its page shows how to go on.
        Err(PaymentError::AlreadyPaid | PaymentError::Lapsed) => Ok(Redirect::to(&order_path).into_response()),
        Err(PaymentError::ProviderUnavailable(_)) => {
            Ok(redirect_with_toast(config, &order_path, "danger", "toast-payment-unavailable"))
        }
        Err(error) => Err(error.into()),
    }
}
