//! Notices to the owners of purposes: a job in the transaction of the event, of the kind that the owner chose.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kernel::Ctx;
use platform::jobs::{Enqueue, Job, enqueue_with};
use platform::{DatabaseError, Tx};

use super::model::{DisputeNotice, NoticeKind, PaymentNotice, RefundNotice};
use crate::error::PaymentError;
use crate::purpose::Purpose;
use crate::subscriptions::routes::SubscriptionRoutes;

type Enqueuing<'a> = Pin<Box<dyn Future<Output = Result<(), DatabaseError>> + Send + 'a>>;
type Notify<N> = Arc<dyn for<'a> Fn(&'a Ctx, &'a mut Tx, N, Enqueue) -> Enqueuing<'a> + Send + Sync>;

/// The job of each kind of notice, by purpose; filled in where the program is assembled.
#[derive(Clone, Default)]
pub struct PurposeRoutes {
    payments: BTreeMap<(Purpose, NoticeKind), Notify<PaymentNotice>>,
    refunds: BTreeMap<Purpose, Notify<RefundNotice>>,
    disputes: BTreeMap<Purpose, Notify<DisputeNotice>>,
    subscriptions: SubscriptionRoutes,
}

impl PurposeRoutes {
    /// Without any route.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notices about `purpose` become jobs of these kinds: the money is there (`Settled`), it will not come (`Lapsed`), some
    /// of it went back (`Refunded`).
    #[must_use]
    pub fn route<Settled, Lapsed, Refunded>(mut self, purpose: Purpose) -> Self
    where
        Settled: Job + From<PaymentNotice>,
        Lapsed: Job + From<PaymentNotice>,
        Refunded: Job + From<RefundNotice>,
    {
        self.payments.insert((purpose, NoticeKind::Settled), as_job::<_, Settled>());
        self.payments.insert((purpose, NoticeKind::Lapsed), as_job::<_, Lapsed>());
        self.route_refunds::<Refunded>(purpose)
    }

    /// Money of `purpose` that went back becomes a job of this kind. For a purpose whose payments are recorded by its
    /// owner, who needs no other notices of them: the invoices of subscriptions.
    #[must_use]
    pub fn route_refunds<Refunded: Job + From<RefundNotice>>(mut self, purpose: Purpose) -> Self {
        self.refunds.insert(purpose, as_job::<_, Refunded>());
        self
    }

    /// A dispute of a payment of `purpose` that was raised, moved or ended becomes a job of this kind. A purpose without
    /// this route has nothing to take away.
    #[must_use]
    pub fn route_disputes<Disputed: Job + From<DisputeNotice>>(mut self, purpose: Purpose) -> Self {
        self.disputes.insert(purpose, as_job::<_, Disputed>());
        self
    }

    /// Notices about subscriptions become jobs by these routes.
    #[must_use]
    pub fn subscriptions(mut self, routes: SubscriptionRoutes) -> Self {
        self.subscriptions = routes;
        self
    }

    pub(crate) const fn of_subscriptions(&self) -> &SubscriptionRoutes {
        &self.subscriptions
    }

    pub(crate) async fn notify(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        kind: NoticeKind,
        notice: &PaymentNotice,
    ) -> Result<(), PaymentError> {
        self.notify_with(ctx, tx, kind, notice, Enqueue::default()).await
    }

    pub(super) async fn notify_with(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        kind: NoticeKind,
        notice: &PaymentNotice,
        how: Enqueue,
    ) -> Result<(), PaymentError> {
        let purpose = notice.purpose;
        enqueue_notice(self.payments.get(&(purpose, kind)), purpose, ctx, tx, notice.clone(), how).await
    }

    pub(crate) async fn notify_refunded(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        notice: &RefundNotice,
    ) -> Result<(), PaymentError> {
        self.notify_refunded_with(ctx, tx, notice, Enqueue::default()).await
    }

    pub(super) async fn notify_refunded_with(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        notice: &RefundNotice,
        how: Enqueue,
    ) -> Result<(), PaymentError> {
        let purpose = notice.payment.purpose;
        enqueue_notice(self.refunds.get(&purpose), purpose, ctx, tx, notice.clone(), how).await
    }

    pub(crate) async fn notify_disputed(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        notice: DisputeNotice,
    ) -> Result<(), PaymentError> {
        if let Some(notify) = self.disputes.get(&notice.payment.purpose) {
            notify(ctx, tx, notice, Enqueue::default()).await?;
        }
        Ok(())
    }
}

async fn enqueue_notice<N>(
    route: Option<&Notify<N>>,
    purpose: Purpose,
    ctx: &Ctx,
    tx: &mut Tx,
    notice: N,
    how: Enqueue,
) -> Result<(), PaymentError> {
    match route {
        Some(notify) => Ok(notify(ctx, tx, notice, how).await?),
        // Unmatched money has no owner; for any other purpose a missing route is a mistake in the wiring.
        None if purpose == Purpose::Unmatched => Ok(()),
        None => Err(PaymentError::NoRoute(purpose)),
    }
}

fn as_job<N: Send + 'static, J: Job + From<N>>() -> Notify<N> {
    Arc::new(|ctx, tx, notice, how| {
        Box::pin(async move {
            enqueue_with(ctx, tx, &J::from(notice), how).await?;
            Ok(())
        })
    })
}
