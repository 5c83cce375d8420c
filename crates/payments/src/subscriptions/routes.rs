//! Notices about subscriptions: a job in the transaction of the event, of the kind that the owner chose.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kernel::Ctx;
use platform::jobs::{Job, enqueue};
use platform::{DatabaseError, Tx};
use uuid::Uuid;

use super::snapshot::{CheckoutCompleted, InvoiceNotice, SubscriptionSnapshot};
use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::purpose::Purpose;

/// A checkout page at which nobody can pay any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutLapsed {
    /// Where.
    pub provider: ProviderCode,
    /// The provider's name of the page.
    pub session_id: String,
    /// Ours.
    pub checkout_id: Uuid,
}

type Enqueuing<'a> = Pin<Box<dyn Future<Output = Result<(), DatabaseError>> + Send + 'a>>;
type Notify<N> = Arc<dyn for<'a> Fn(&'a Ctx, &'a mut Tx, N) -> Enqueuing<'a> + Send + Sync>;

/// The job of each kind of notice about subscriptions; filled in where the program is assembled.
#[derive(Clone, Default)]
pub struct SubscriptionRoutes {
    begin: Option<Notify<CheckoutCompleted>>,
    follow: Option<Notify<SubscriptionSnapshot>>,
    invoice: Option<Notify<InvoiceNotice>>,
    lapsed: Option<Notify<CheckoutLapsed>>,
}

impl SubscriptionRoutes {
    /// Without any route.
    pub fn new() -> Self {
        Self::default()
    }

    /// NoticeKind become jobs of these kinds: a checkout has begun a subscription (`Begin`), a subscription has changed
    /// (`Follow`), an invoice was made, paid, missed or withdrawn (`Invoice`). Each is delivered at least once, in any order.
    #[must_use]
    pub fn route<Begin, Follow, Invoice>(mut self) -> Self
    where
        Begin: Job + From<CheckoutCompleted>,
        Follow: Job + From<SubscriptionSnapshot>,
        Invoice: Job + From<InvoiceNotice>,
    {
        self.begin = Some(as_job::<_, Begin>());
        self.follow = Some(as_job::<_, Follow>());
        self.invoice = Some(as_job::<_, Invoice>());
        self
    }

    /// A checkout page that ran out becomes a job of this kind; without this route there is no notice.
    #[must_use]
    pub fn route_lapsed<Lapsed: Job + From<CheckoutLapsed>>(mut self) -> Self {
        self.lapsed = Some(as_job::<_, Lapsed>());
        self
    }

    pub(crate) async fn begun(&self, ctx: &Ctx, tx: &mut Tx, notice: CheckoutCompleted) -> Result<(), PaymentError> {
        enqueue_notice(self.begin.as_ref(), ctx, tx, notice).await
    }

    pub(crate) async fn changed(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        notice: SubscriptionSnapshot,
    ) -> Result<(), PaymentError> {
        enqueue_notice(self.follow.as_ref(), ctx, tx, notice).await
    }

    pub(crate) async fn invoiced(&self, ctx: &Ctx, tx: &mut Tx, notice: InvoiceNotice) -> Result<(), PaymentError> {
        enqueue_notice(self.invoice.as_ref(), ctx, tx, notice).await
    }

    pub(crate) async fn lapsed(&self, ctx: &Ctx, tx: &mut Tx, notice: CheckoutLapsed) -> Result<(), PaymentError> {
        match &self.lapsed {
            Some(notify) => Ok(notify(ctx, tx, notice).await?),
            None => Ok(()),
        }
    }
}

async fn enqueue_notice<N>(route: Option<&Notify<N>>, ctx: &Ctx, tx: &mut Tx, notice: N) -> Result<(), PaymentError> {
    // A missing route is a mistake in the wiring: the event stays in the inbox until it is corrected.
    let notify = route.ok_or(PaymentError::NoRoute(Purpose::Subscription))?;
    Ok(notify(ctx, tx, notice).await?)
}

fn as_job<N: Send + 'static, J: Job + From<N>>() -> Notify<N> {
    Arc::new(|ctx, tx, notice| {
        Box::pin(async move {
            enqueue(ctx, tx, &J::from(notice)).await?;
            Ok(())
        })
    })
}
