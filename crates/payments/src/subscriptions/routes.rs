//! What subscriptions tell upward: a job in the transaction of the news, of the kind that the owner chose.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kernel::Ctx;
use platform::jobs::{Job, enqueue};
use platform::{DatabaseError, Tx};
use uuid::Uuid;

use super::{CheckoutCompleted, InvoiceNotice, SubscriptionSnapshot};
use crate::PaymentError;
use crate::providers::ProviderCode;

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

type Telling<'a> = Pin<Box<dyn Future<Output = Result<(), DatabaseError>> + Send + 'a>>;
type Tell<N> = Arc<dyn for<'a> Fn(&'a Ctx, &'a mut Tx, N) -> Telling<'a> + Send + Sync>;

/// Which jobs follow which news of subscriptions; filled in where the program is put together.
#[derive(Clone, Default)]
pub struct SubscriptionRoutes {
    begin: Option<Tell<CheckoutCompleted>>,
    follow: Option<Tell<SubscriptionSnapshot>>,
    invoice: Option<Tell<InvoiceNotice>>,
    lapsed: Option<Tell<CheckoutLapsed>>,
}

impl SubscriptionRoutes {
    /// Without any route.
    pub fn new() -> Self {
        Self::default()
    }

    /// News become jobs of these kinds: a checkout has begun a subscription (`Begin`), a subscription has changed
    /// (`Follow`), an invoice was made, paid, missed or withdrawn (`Invoice`). Each is told at least once, in any order.
    #[must_use]
    pub fn route<Begin, Follow, Invoice>(mut self) -> Self
    where
        Begin: Job + From<CheckoutCompleted>,
        Follow: Job + From<SubscriptionSnapshot>,
        Invoice: Job + From<InvoiceNotice>,
    {
        self.begin = Some(telling::<_, Begin>());
        self.follow = Some(telling::<_, Follow>());
        self.invoice = Some(telling::<_, Invoice>());
        self
    }

    /// A checkout page that ran out becomes a job of this kind; without this nobody is told.
    #[must_use]
    pub fn route_lapsed<Lapsed: Job + From<CheckoutLapsed>>(mut self) -> Self {
        self.lapsed = Some(telling::<_, Lapsed>());
        self
    }

    pub(crate) async fn begun(&self, ctx: &Ctx, tx: &mut Tx, news: CheckoutCompleted) -> Result<(), PaymentError> {
        tell(self.begin.as_ref(), ctx, tx, news).await
    }

    pub(crate) async fn changed(&self, ctx: &Ctx, tx: &mut Tx, news: SubscriptionSnapshot) -> Result<(), PaymentError> {
        tell(self.follow.as_ref(), ctx, tx, news).await
    }

    pub(crate) async fn invoiced(&self, ctx: &Ctx, tx: &mut Tx, news: InvoiceNotice) -> Result<(), PaymentError> {
        tell(self.invoice.as_ref(), ctx, tx, news).await
    }

    pub(crate) async fn lapsed(&self, ctx: &Ctx, tx: &mut Tx, news: CheckoutLapsed) -> Result<(), PaymentError> {
        match &self.lapsed {
            Some(tell) => Ok(tell(ctx, tx, news).await?),
            None => Ok(()),
        }
    }
}

async fn tell<N>(route: Option<&Tell<N>>, ctx: &Ctx, tx: &mut Tx, news: N) -> Result<(), PaymentError> {
    // A missing route is a fault of the wiring: the event stays in the inbox until it is mended.
    let tell = route.ok_or(PaymentError::NoRoute(crate::Purpose::Subscription))?;
    Ok(tell(ctx, tx, news).await?)
}

fn telling<N: Send + 'static, J: Job + From<N>>() -> Tell<N> {
    Arc::new(|ctx, tx, news| {
        Box::pin(async move {
            enqueue(ctx, tx, &J::from(news)).await?;
            Ok(())
        })
    })
}
