//! Buys a pack: a row with its payment, then the provider's page.

use kernel::{Ctx, SystemReason, UserId, Yen};
use payments::{NewPayment, Purpose};
use time::Duration;
use ui::{Messages, arg};
use url::Url;

use super::model::{PackPurchase, PackState};
use super::queries;
use crate::billing_error::BillingError;
use crate::plans;
use crate::state::Billing;

/// How long the offer stands.
const OFFER: Duration = Duration::hours(2);

/// Orders a pack; the payment waits to be redirected to ([`redirect_url`]).
///
/// # Errors
/// [`BillingError::PackUnavailable`], [`BillingError::PriceChanged`], those of [`payments::Payments::open`].
pub async fn purchase(
    billing: &Billing,
    ctx: &Ctx,
    user_id: UserId,
    pack_id: i32,
    price_shown: Option<Yen>,
) -> Result<kernel::PaymentId, BillingError> {
    let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
    let pack =
        plans::pack(&mut tx, pack_id).await?.filter(|pack| pack.is_offered).ok_or(BillingError::PackUnavailable)?;
    if price_shown.is_some_and(|shown| shown != pack.price) {
        return Err(BillingError::PriceChanged);
    }
    let purchase = PackPurchase {
        id: ctx.new_id(),
        user_id,
        pack_id,
        tokens: pack.tokens,
        price: pack.price,
        state: PackState::Open,
        payment_id: None,
        created_at: ctx.now(),
    };
    queries::insert(ctx, &mut tx, &purchase).await?;
    let config = &billing.app().config;
    let new = NewPayment {
        purpose: Purpose::CreditPack,
        reference_id: purchase.id.uuid(),
        buyer_id: user_id,
        amount: pack.price,
        description: Messages::new(ctx.locale).say_with("admin-packs-description", arg("tokens", pack.tokens)),
        success_url: Url::parse(&config.absolute_url("/admin/settings?credit=success"))?,
        cancel_url: Url::parse(&config.absolute_url("/admin/settings?credit=canceled"))?,
        expires_at: ctx.now() + OFFER,
    };
    let payment_id = billing.payments().open(ctx, &mut tx, &new).await?;
    tx.commit().await?;
    Ok(payment_id)
}

/// Where to pay for a pack that was ordered. No transaction is open meanwhile; safe to repeat.
///
/// # Errors
/// Those of [`payments::Payments::redirect_url`].
pub async fn redirect_url(billing: &Billing, ctx: &Ctx, payment_id: kernel::PaymentId) -> Result<Url, BillingError> {
    Ok(billing.payments().redirect_url(ctx, payment_id).await?)
}
