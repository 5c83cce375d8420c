//! `/admin/settings/packs/{id}`: everything that a buyer of tokens should know, once more before the payment (特定商取引法,
//! the final confirmation screen).

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::{Tokens, Yen};
use payments::PaymentError;
use platform::Problem;
use platform::http::{Form, Member, Path};
use serde::Deserialize;
use ui::{Messages, Page, redirect_with_toast};

use super::api::may_buy;
use super::purchase::{purchase, redirect_url};
use crate::billing_error::BillingError;
use crate::plans;
use crate::state::Billing;

#[derive(Template)]
#[template(path = "packs/confirm.html")]
struct ConfirmPage {
    t: Messages,
    id: i32,
    tokens: Tokens,
    price: Yen,
}

pub(super) async fn confirm(
    Extension(billing): Extension<Billing>,
    member: Member,
    Path(id): Path<i32>,
) -> Result<Response, Problem> {
    identity::require_active(&member.user)?;
    let mut tx = billing.app().db.begin_as(&member.ctx).await?;
    let pack = plans::pack(&mut tx, id).await?.filter(|pack| pack.is_offered).ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    let t = Messages::new(member.ctx.locale);
    let body = ConfirmPage { t, id, tokens: pack.tokens, price: pack.price };
    let page = Page::new(t.say("admin-packs-confirm-title"), body.render().map_err(Problem::internal)?);
    Ok(page.private().into_response())
}

/// What the buyer agreed to.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Agreed {
    price: i64,
}

pub(super) async fn buy(
    Extension(billing): Extension<Billing>,
    member: Member,
    Path(id): Path<i32>,
    Form(agreed): Form<Agreed>,
) -> Result<Response, Problem> {
    may_buy(&billing, &member).await?;
    let (config, back) = (&billing.app().config, format!("/admin/settings/packs/{id}"));
    let ordered = purchase(&billing, &member.ctx, member.user.user_id, id, Some(Yen(agreed.price))).await;
    let payment_id = match ordered {
        Ok(payment_id) => payment_id,
        Err(BillingError::PriceChanged) => {
            return Ok(redirect_with_toast(config, &back, "danger", "toast-price-changed"));
        }
        Err(BillingError::PackUnavailable) => return Err(Problem::not_found()),
        Err(fault) => return Err(fault.into()),
    };
    match redirect_url(&billing, &member.ctx, payment_id).await {
        Ok(url) => Ok(Redirect::to(url.as_str()).into_response()),
        Err(BillingError::Payment(PaymentError::ProviderUnavailable(_))) => {
            Ok(redirect_with_toast(config, &back, "danger", "billing-toast-unavailable"))
        }
        Err(fault) => Err(fault.into()),
    }
}
