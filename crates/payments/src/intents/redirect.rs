//! The second step: the provider's page, opened outside any transaction under the stored key.

use kernel::{Ctx, PaymentId, SystemReason};
use url::Url;

use super::apply::{apply, fail};
use super::model::{LIFE_MIN, Payment, PaymentStatus};
use super::queries;
use crate::providers::{CheckoutRequest, CheckoutSnapshot, CheckoutState, ProviderError};
use crate::{PaymentError, Payments};

impl Payments {
    /// Where the buyer pays. Opens the page at the provider when there is none yet; safe to repeat, also after a crash or
    /// a time-out: the stored key gives the same page.
    ///
    /// # Errors
    /// [`PaymentError::ProviderUnavailable`]: the payment stays pending and the buyer may try again.
    /// [`PaymentError::AlreadyPaid`], [`PaymentError::Lapsed`]: there is nothing to pay any more.
    pub async fn redirect_url(&self, ctx: &Ctx, payment_id: PaymentId) -> Result<Url, PaymentError> {
        let url = ensure_session(self, ctx, payment_id).await?;
        Url::parse(&url).map_err(|_| PaymentError::ProviderUnavailable("unreadable".to_owned()))
    }
}

/// Sees to it that the payment has a page, and returns its address.
pub(crate) async fn ensure_session(
    payments: &Payments,
    ctx: &Ctx,
    payment_id: PaymentId,
) -> Result<String, PaymentError> {
    let payment = ready_to_call(payments, ctx, payment_id).await?;
    if let Some(url) = payment.checkout_url {
        return Ok(url);
    }
    let request = CheckoutRequest {
        idempotency_key: payment.idempotency_key.clone(),
        payment_id,
        purpose: payment.purpose,
        reference_id: payment.reference_id,
        amount: payment.amount,
        description: payment.description.clone(),
        success_url: payment.success_url.clone(),
        cancel_url: payment.cancel_url.clone(),
        locale: payment.locale(),
        expires_at: payment.expires_at,
        house: payments.house_name(),
    };
    match payments.provider(payment.provider)?.open_checkout(&request).await {
        Ok(snapshot) => record(payments, ctx, &payment, &snapshot).await,
        Err(error) => Err(give_up(payments, ctx, &payment, error).await?),
    }
}

/// Reads the payment before the call, and stores a fresh key when the old one can no longer give a page that lives long
/// enough. Nobody holds the address of a page that was never recorded, so nobody can pay there.
async fn ready_to_call(payments: &Payments, ctx: &Ctx, payment_id: PaymentId) -> Result<Payment, PaymentError> {
    let mut tx = payments.house().db.begin_system(SystemReason::HouseRules).await?;
    let mut payment = queries::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    match payment.status {
        PaymentStatus::Pending => {}
        PaymentStatus::Failed | PaymentStatus::Expired => return Err(PaymentError::Lapsed),
        _ => return Err(PaymentError::AlreadyPaid),
    }
    let now = ctx.now();
    if payment.checkout_url.is_some() && now >= payment.expires_at {
        return Err(PaymentError::Lapsed);
    }
    if payment.session_id.is_none() && payment.expires_at - now < LIFE_MIN - time::Duration::minutes(1) {
        payment.generation += 1;
        payment.expires_at = now + LIFE_MIN;
        payment.idempotency_key = super::model::checkout_key(payment_id, payment.generation);
        queries::renew_key(ctx, &mut tx, payment_id, payment.generation, payment.expires_at).await?;
    }
    tx.commit().await?;
    Ok(payment)
}

async fn record(
    payments: &Payments,
    ctx: &Ctx,
    payment: &Payment,
    snapshot: &CheckoutSnapshot,
) -> Result<String, PaymentError> {
    let mut tx = payments.house().db.begin_system(SystemReason::HouseRules).await?;
    let status = apply(payments, ctx, &mut tx, payment.id, snapshot).await?;
    tx.commit().await?;
    match (status, &snapshot.url, snapshot.state) {
        (PaymentStatus::Pending, Some(url), CheckoutState::Open) => Ok(url.clone()),
        (PaymentStatus::Failed | PaymentStatus::Expired, _, CheckoutState::Open) => {
            // Somebody gave up while the page was being opened: nobody may pay there.
            let provider = payments.provider(payment.provider)?;
            let key = format!("expire:{}", snapshot.session_id);
            if let Err(error) = provider.expire_checkout(&key, &snapshot.session_id).await {
                tracing::warn!(payment = %payment.id, code = error.code(), "a page of a lapsed payment stays open");
            }
            Err(PaymentError::Lapsed)
        }
        (status, ..) if status.has_money() => Err(PaymentError::AlreadyPaid),
        _ => Err(PaymentError::Lapsed),
    }
}

/// Records why there is no page, and says what to tell the buyer.
async fn give_up(
    payments: &Payments,
    ctx: &Ctx,
    payment: &Payment,
    error: ProviderError,
) -> Result<PaymentError, PaymentError> {
    tracing::warn!(payment = %payment.id, provider = payment.provider.as_str(), code = error.code(), "no checkout page");
    let code = error.code().to_owned();
    match error {
        ProviderError::NeedsFreshKey(_) => {
            let mut tx = payments.house().db.begin_system(SystemReason::HouseRules).await?;
            let known = queries::lock(&mut tx, payment.id).await?.ok_or(PaymentError::NotFound)?;
            if known.session_id.is_none() && known.generation == payment.generation {
                queries::renew_key(ctx, &mut tx, payment.id, payment.generation + 1, payment.expires_at).await?;
            }
            tx.commit().await?;
        }
        ProviderError::Refused(_) | ProviderError::Missing => {
            let mut tx = payments.house().db.begin_system(SystemReason::HouseRules).await?;
            fail(payments, ctx, &mut tx, payment.id, &code).await?;
            tx.commit().await?;
        }
        ProviderError::Unavailable(_) | ProviderError::Misconfigured(_) => {}
    }
    Ok(PaymentError::ProviderUnavailable(code))
}
