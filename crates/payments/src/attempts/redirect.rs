//! The second step: the provider's page, opened outside any transaction under the stored key.

use kernel::{Ctx, PaymentId, SystemReason};
use url::Url;

use super::apply::{apply, end_unopened, lock};
use super::ids::AttemptId;
use super::model::{Attempt, AttemptState};
use super::queries;
use crate::error::PaymentError;
use crate::payment::model::{LIFE_MIN, Payment, PaymentStatus};
use crate::payment::queries as payments_table;
use crate::providers::code::ProviderCode;
use crate::providers::error::ProviderError;
use crate::providers::provider::Provider;
use crate::providers::request::CheckoutRequest;
use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState};
use crate::state::Payments;

impl Payments {
    /// Where the buyer pays at the default provider. Opens the page when there is none yet; safe to repeat, also after a
    /// crash or a time-out: the stored key gives the same page.
    ///
    /// # Errors
    /// [`PaymentError::ProviderUnavailable`]: the payment stays pending and the buyer may try again.
    /// [`PaymentError::AlreadyPaid`], [`PaymentError::Lapsed`]: there is nothing to pay any more.
    pub async fn redirect_url(&self, ctx: &Ctx, payment_id: PaymentId) -> Result<Url, PaymentError> {
        self.redirect_url_at(ctx, payment_id, self.default_provider()).await
    }

    /// Where the buyer pays at a provider, as [`Payments::redirect_url`]. Pages that are open at other providers stay open;
    /// they are closed once one of them is paid.
    ///
    /// # Errors
    /// As [`Payments::redirect_url`], and [`PaymentError::ProviderNotConfigured`].
    pub async fn redirect_url_at(
        &self,
        ctx: &Ctx,
        payment_id: PaymentId,
        provider: ProviderCode,
    ) -> Result<Url, PaymentError> {
        // Refused before an attempt is stored for it.
        let asked = self.provider(provider)?;
        let attempt_id = match attempt_for(self, ctx, payment_id, provider).await? {
            Ready::Open(url) => return self.page_at(&asked, &url),
            Ready::Opening(attempt_id) => attempt_id,
        };
        let url = open_page(self, ctx, attempt_id, WantedBy::Buyer).await?;
        self.page_at(&asked, &url)
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

enum Ready {
    Open(String),
    Opening(AttemptId),
}

/// The attempt of a payment at a provider that a buyer may use; stored now when there is none.
async fn attempt_for(
    payments: &Payments,
    ctx: &Ctx,
    payment_id: PaymentId,
    provider: ProviderCode,
) -> Result<Ready, PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
    let payment = payments_table::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    if let Some(error) = decided(payment.status) {
        return Err(error);
    }
    let attempts = queries::of_payment(&mut tx, payment_id).await?;
    let ready = match attempts.into_iter().find(|one| one.provider == provider && one.state.is_live()) {
        Some(Attempt { state: AttemptState::Open { checkout_url }, expires_at, .. }) if ctx.now() < expires_at => {
            Ready::Open(checkout_url)
        }
        Some(Attempt { state: AttemptState::Open { .. }, .. }) => return Err(PaymentError::Lapsed),
        Some(Attempt { state: AttemptState::Opening, id, .. }) => Ready::Opening(id),
        Some(_) => return Err(PaymentError::AlreadyPaid),
        None if ctx.now() >= payment.expires_at => return Err(PaymentError::Lapsed),
        None => Ready::Opening(queries::insert(ctx, &mut tx, payment_id, provider).await?),
    };
    tx.commit().await?;
    Ok(ready)
}

/// Why nobody may begin to pay any more.
const fn decided(status: PaymentStatus) -> Option<PaymentError> {
    match status {
        PaymentStatus::Pending | PaymentStatus::VoucherIssued | PaymentStatus::Processing => None,
        PaymentStatus::Failed | PaymentStatus::Expired => Some(PaymentError::Lapsed),
        PaymentStatus::Captured | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded => {
            Some(PaymentError::AlreadyPaid)
        }
    }
}

/// Opens the page of an attempt, or finds the one that an interrupted call has opened, and returns its address.
pub(crate) async fn open_page(
    payments: &Payments,
    ctx: &Ctx,
    attempt_id: AttemptId,
    wanted_by: WantedBy,
) -> Result<String, PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
    let (payment, attempt) = lock(&mut tx, attempt_id).await?;
    tx.commit().await?;
    match (&attempt.state, decided(payment.status)) {
        (AttemptState::Open { checkout_url }, None) => return Ok(checkout_url.clone()),
        (AttemptState::Opening, None) => {}
        (_, Some(error)) => return Err(error),
        (state, None) if state.is_on_its_way() => return Err(PaymentError::AlreadyPaid),
        (_, None) => return Err(PaymentError::Lapsed),
    }
    let provider = payments.provider(attempt.provider)?;
    let opened = provider.open_checkout(&request_for(payments, &payment, &attempt)).await;
    // Where the old key has made nothing, an offer that ends so soon is refused. Nobody holds the address of a page that
    // was never recorded, so a fresh one may take its place.
    let too_late = attempt.expires_at - ctx.now() < LIFE_MIN - time::Duration::minutes(1);
    let (attempt, opened) = match opened {
        Err(ProviderError::Refused(_)) if too_late && wanted_by == WantedBy::Buyer => {
            let fresh = replace(payments, ctx, &attempt, "offer_too_short", true).await?;
            let opened = provider.open_checkout(&request_for(payments, &payment, &fresh)).await;
            (fresh, opened)
        }
        opened => (attempt, opened),
    };
    match opened {
        Ok(snapshot) => record(payments, ctx, &provider, &attempt, &snapshot).await,
        Err(error) => Err(give_up(payments, ctx, &attempt, error).await?),
    }
}

fn request_for(payments: &Payments, payment: &Payment, attempt: &Attempt) -> CheckoutRequest {
    CheckoutRequest {
        idempotency_key: attempt.idempotency_key.clone(),
        attempt_id: attempt.id,
        payment_id: payment.id,
        purpose: payment.purpose,
        reference_id: payment.reference_id,
        amount: attempt.amount,
        description: payment.description.clone(),
        success_url: payment.success_url.clone(),
        cancel_url: payment.cancel_url.clone(),
        locale: payment.locale(),
        expires_at: attempt.expires_at,
        installation: payments.installation(),
    }
}

/// Puts a fresh attempt with a fresh key into the place of one that has made no page, unless somebody else has done so,
/// and returns the attempt that then is there. With `extend` its offer, and the payment's, end later.
async fn replace(
    payments: &Payments,
    ctx: &Ctx,
    old: &Attempt,
    code: &str,
    extend: bool,
) -> Result<Attempt, PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
    let (payment, known) = lock(&mut tx, old.id).await?;
    let id = if known.state == AttemptState::Opening {
        let fresh = queries::insert(ctx, &mut tx, payment.id, old.provider).await?;
        if extend {
            let until = ctx.now() + LIFE_MIN;
            payments_table::extend(ctx, &mut tx, payment.id, until).await?;
            queries::set_expiry(&mut tx, fresh, until).await?;
        }
        end_unopened(payments, ctx, &mut tx, old.id, &AttemptState::Failed, Some(code)).await?;
        fresh
    } else {
        let attempts = queries::of_payment(&mut tx, payment.id).await?;
        let newer = attempts.into_iter().find(|one| one.provider == old.provider && one.state.is_live());
        newer.ok_or(PaymentError::Lapsed)?.id
    };
    let (_, fresh) = lock(&mut tx, id).await?;
    tx.commit().await?;
    Ok(fresh)
}

async fn record(
    payments: &Payments,
    ctx: &Ctx,
    provider: &Provider,
    attempt: &Attempt,
    snapshot: &CheckoutSnapshot,
) -> Result<String, PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
    let status = apply(payments, ctx, &mut tx, attempt.id, snapshot).await?;
    tx.commit().await?;
    let CheckoutState::Open { url: Some(url) } = &snapshot.state else {
        let is_coming = status.has_money() || status.is_on_its_way();
        return Err(if is_coming { PaymentError::AlreadyPaid } else { PaymentError::Lapsed });
    };
    if status.is_open() {
        return Ok(url.clone());
    }
    // The payment was decided while the page was being opened: nobody may pay there.
    let key = format!("close:{}", snapshot.session_id);
    if let Err(error) = provider.close_checkout(&key, snapshot).await {
        tracing::warn!(attempt = %attempt.id, code = error.code(), "a page of a decided payment stays open");
    }
    Err(if status.has_money() { PaymentError::AlreadyPaid } else { PaymentError::Lapsed })
}

/// Records why there is no page, and returns the buyer's error.
async fn give_up(
    payments: &Payments,
    ctx: &Ctx,
    attempt: &Attempt,
    error: ProviderError,
) -> Result<PaymentError, PaymentError> {
    let code = error.code().to_owned();
    tracing::warn!(attempt = %attempt.id, provider = attempt.provider.as_str(), code, "no checkout page");
    match error {
        ProviderError::NeedsFreshKey(_) => {
            replace(payments, ctx, attempt, &code, false).await?;
        }
        ProviderError::Declined(_) | ProviderError::Refused(_) | ProviderError::Missing => {
            let mut tx = payments.app().db.begin_system(SystemReason::PlatformRules).await?;
            end_unopened(payments, ctx, &mut tx, attempt.id, &AttemptState::Failed, Some(&code)).await?;
            tx.commit().await?;
        }
        ProviderError::Unavailable(_) | ProviderError::Misconfigured(_) => {}
    }
    Ok(PaymentError::ProviderUnavailable(code))
}
