//! The second step: the provider's page, opened outside any transaction under the stored key.

use kernel::{Ctx, PaymentId, SystemReason};
use time::OffsetDateTime;
use url::Url;

use super::apply::{apply, fail};
use super::model::{LIFE_MIN, Payment, PaymentStatus};
use super::queries;
use crate::error::PaymentError;
use crate::providers::error::ProviderError;
use crate::providers::request::CheckoutRequest;
use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState};
use crate::state::Payments;

impl Payments {
    /// Where the buyer pays. Opens the page at the provider when there is none yet; safe to repeat, also after a crash or
    /// a time-out: the stored key gives the same page.
    ///
    /// # Errors
    /// [`PaymentError::ProviderUnavailable`]: the payment stays pending and the buyer may try again.
    /// [`PaymentError::AlreadyPaid`], [`PaymentError::Lapsed`]: there is nothing to pay any more.
    pub async fn redirect_url(&self, ctx: &Ctx, payment_id: PaymentId) -> Result<Url, PaymentError> {
        let url = ensure_session(self, ctx, payment_id, WantedBy::Buyer).await?;
        Url::parse(&url).map_err(|_| PaymentError::ProviderUnavailable("unreadable".to_owned()))
    }
}

/// Who wants the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WantedBy {
    /// Somebody who waits for it: a page of the old key that would end too soon is replaced by a fresh one.
    Buyer,
    /// The reconciler, which only wants to know what the old key has made.
    Reconciler,
}

/// Sees to it that the payment has a page, and returns its address.
pub(crate) async fn ensure_session(
    payments: &Payments,
    ctx: &Ctx,
    payment_id: PaymentId,
    wanted_by: WantedBy,
) -> Result<String, PaymentError> {
    let payment = ready_to_call(payments, ctx, payment_id).await?;
    if let Some(url) = payment.checkout_url {
        return Ok(url);
    }
    let provider = payments.provider(payment.provider)?;
    let opened = provider.open_checkout(&request_for(payments, &payment)).await;
    // Where the old key has made nothing, an offer that ends so soon is refused. Nobody holds the address of a page that
    // was never recorded, so a fresh one may take its place.
    let too_late = payment.expires_at - ctx.now() < LIFE_MIN - time::Duration::minutes(1);
    let (payment, opened) = match opened {
        Err(ProviderError::Refused(_)) if too_late && wanted_by == WantedBy::Buyer => {
            let fresh = renew(payments, ctx, &payment, Some(ctx.now() + LIFE_MIN)).await?;
            let opened = provider.open_checkout(&request_for(payments, &fresh)).await;
            (fresh, opened)
        }
        opened => (payment, opened),
    };
    match opened {
        Ok(snapshot) => record(payments, ctx, &payment, &snapshot).await,
        Err(error) => Err(give_up(payments, ctx, &payment, error).await?),
    }
}

fn request_for(payments: &Payments, payment: &Payment) -> CheckoutRequest {
    CheckoutRequest {
        idempotency_key: payment.idempotency_key.clone(),
        payment_id: payment.id,
        purpose: payment.purpose,
        reference_id: payment.reference_id,
        amount: payment.amount,
        description: payment.description.clone(),
        success_url: payment.success_url.clone(),
        cancel_url: payment.cancel_url.clone(),
        locale: payment.locale(),
        expires_at: payment.expires_at,
        installation: payments.installation(),
    }
}

/// Reads the payment before the call, which takes place outside this transaction.
async fn ready_to_call(payments: &Payments, ctx: &Ctx, payment_id: PaymentId) -> Result<Payment, PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
    let payment = queries::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    tx.commit().await?;
    match payment.status {
        PaymentStatus::Pending => {}
        PaymentStatus::Failed | PaymentStatus::Expired => return Err(PaymentError::Lapsed),
        _ => return Err(PaymentError::AlreadyPaid),
    }
    if payment.checkout_url.is_some() && ctx.now() >= payment.expires_at {
        return Err(PaymentError::Lapsed);
    }
    Ok(payment)
}

/// Stores a fresh key, unless somebody else has done so or the page is there, and returns the payment as it then is.
async fn renew(
    payments: &Payments,
    ctx: &Ctx,
    seen: &Payment,
    expires_at: Option<OffsetDateTime>,
) -> Result<Payment, PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
    let known = queries::lock(&mut tx, seen.id).await?.ok_or(PaymentError::NotFound)?;
    if known.session_id.is_none() && known.generation == seen.generation {
        let expires_at = expires_at.unwrap_or(known.expires_at);
        queries::renew_key(ctx, &mut tx, seen.id, seen.generation + 1, expires_at).await?;
    }
    let renewed = queries::lock(&mut tx, seen.id).await?.ok_or(PaymentError::NotFound)?;
    tx.commit().await?;
    Ok(renewed)
}

async fn record(
    payments: &Payments,
    ctx: &Ctx,
    payment: &Payment,
    snapshot: &CheckoutSnapshot,
) -> Result<String, PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
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

/// Records why there is no page, and returns the buyer's error.
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
            renew(payments, ctx, payment, None).await?;
        }
        ProviderError::Declined(_) | ProviderError::Refused(_) | ProviderError::Missing => {
            let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
            fail(payments, ctx, &mut tx, payment.id, &code).await?;
            tx.commit().await?;
        }
        ProviderError::Unavailable(_) | ProviderError::Misconfigured(_) => {}
    }
    Ok(PaymentError::ProviderUnavailable(code))
}
