//! Notices to the owners of purposes: a job in the transaction of the event, of the kind that the owner chose.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kernel::{Ctx, PaymentId, UserId, Yen};
use platform::jobs::{Enqueue, Job, enqueue_with};
use platform::{DatabaseError, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::PaymentError;
use crate::intents::model::Payment;
use crate::purpose::Purpose;
use crate::subscriptions::routes::SubscriptionRoutes;

/// What became of a payment. Delivered at least once, in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentNotice {
    /// What the money is for.
    pub purpose: Purpose,
    /// What exactly: the order's id.
    pub reference_id: Uuid,
    /// The payment.
    pub payment_id: PaymentId,
    /// The whole amount of the payment.
    pub amount_yen: Yen,
    /// What went back in this refund; zero in other notices.
    pub refunded_yen: Yen,
    /// Who took the money; the name of its accounts on the ledger.
    pub provider: String,
    /// Who paid.
    pub buyer_id: Option<UserId>,
}

impl PaymentNotice {
    pub(crate) fn about(payment: &Payment, refunded: Yen) -> Self {
        Self {
            purpose: payment.purpose,
            reference_id: payment.reference_id,
            payment_id: payment.id,
            amount_yen: payment.amount,
            refunded_yen: refunded,
            provider: payment.provider.as_str().to_owned(),
            buyer_id: payment.buyer_id,
        }
    }
}

/// The kinds of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NoticeKind {
    /// The money is there; also after a lapse.
    Settled,
    /// It will not come, and nobody can pay any more.
    Lapsed,
    /// Some of it went back.
    Refunded,
    /// A dispute of it was raised, moved or ended.
    Disputed,
}

type Enqueuing<'a> = Pin<Box<dyn Future<Output = Result<(), DatabaseError>> + Send + 'a>>;
type Notify = Arc<dyn for<'a> Fn(&'a Ctx, &'a mut Tx, PaymentNotice, Enqueue) -> Enqueuing<'a> + Send + Sync>;

/// The job of each kind of notice, by purpose; filled in where the program is assembled.
#[derive(Clone, Default)]
pub struct PurposeRoutes {
    by_purpose: BTreeMap<(Purpose, NoticeKind), Notify>,
    subscriptions: SubscriptionRoutes,
}

impl PurposeRoutes {
    /// Without any route.
    pub fn new() -> Self {
        Self::default()
    }

    /// NoticeKind about `purpose` become jobs of these kinds: the money is there (`Settled`), it will not come (`Lapsed`), it
    /// went back (`Refunded`).
    #[must_use]
    pub fn route<Settled, Lapsed, Refunded>(mut self, purpose: Purpose) -> Self
    where
        Settled: Job + From<PaymentNotice>,
        Lapsed: Job + From<PaymentNotice>,
        Refunded: Job + From<PaymentNotice>,
    {
        self.by_purpose.insert((purpose, NoticeKind::Settled), as_job::<Settled>());
        self.by_purpose.insert((purpose, NoticeKind::Lapsed), as_job::<Lapsed>());
        self.by_purpose.insert((purpose, NoticeKind::Refunded), as_job::<Refunded>());
        self
    }

    /// Money of `purpose` that went back becomes a job of this kind. For a purpose whose payments are recorded by its
    /// owner, who needs no other notices of them: the invoices of subscriptions.
    #[must_use]
    pub fn route_refunds<Refunded: Job + From<PaymentNotice>>(mut self, purpose: Purpose) -> Self {
        self.by_purpose.insert((purpose, NoticeKind::Refunded), as_job::<Refunded>());
        self
    }

    /// A dispute of a payment of `purpose` that was raised, moved or ended becomes a job of this kind, which reads
    /// `public.disputes`. A purpose without this route has nothing to take away.
    #[must_use]
    pub fn route_disputes<Disputed: Job + From<PaymentNotice>>(mut self, purpose: Purpose) -> Self {
        self.by_purpose.insert((purpose, NoticeKind::Disputed), as_job::<Disputed>());
        self
    }

    /// NoticeKind of subscriptions go these ways.
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

    pub(crate) async fn notify_disputed(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        notice: &PaymentNotice,
    ) -> Result<(), PaymentError> {
        if self.by_purpose.contains_key(&(notice.purpose, NoticeKind::Disputed)) {
            self.notify(ctx, tx, NoticeKind::Disputed, notice).await?;
        }
        Ok(())
    }

    pub(super) async fn notify_with(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        kind: NoticeKind,
        notice: &PaymentNotice,
        how: Enqueue,
    ) -> Result<(), PaymentError> {
        match self.by_purpose.get(&(notice.purpose, kind)) {
            Some(notify) => notify(ctx, tx, notice.clone(), how).await?,
            // An orphan has no owner; for any other purpose a missing route is a mistake in the wiring.
            None if notice.purpose == Purpose::Orphan => {}
            None => return Err(PaymentError::NoRoute(notice.purpose)),
        }
        Ok(())
    }
}

fn as_job<J: Job + From<PaymentNotice>>() -> Notify {
    Arc::new(|ctx, tx, notice, how| {
        Box::pin(async move {
            enqueue_with(ctx, tx, &J::from(notice), how).await?;
            Ok(())
        })
    })
}
