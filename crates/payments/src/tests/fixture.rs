//! What the tests stand on: an installation with payments, a double, and a market that sells one thing per order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{OrderItemId, PaymentId, Share, UserId, Yen};
use ledger::ProviderName;
use ledger::sales::{Sale, SaleLine};
use platform::jobs::{Job, JobError, JobRun, Registry};
use serde::{Deserialize, Serialize};
use testkit::payment_doubles::{SentEvent, StripeDouble};
use testkit::{TestApp, TestUser};
use time::Duration;
use url::Url;
use uuid::Uuid;

use super::subscription_fixture;
use super::subscription_fixture::{MoneyBack, PackLapsed, PackSettled, SharedCredits};
use crate::error::PaymentError;
use crate::notices::model::{DisputeNotice, PaymentNotice, RefundNotice};
use crate::notices::routes::PurposeRoutes;
use crate::payment::model::{NewPayment, PaymentStatus};
use crate::providers::code::ProviderCode;
use crate::providers::sandbox::handle::SandboxBehaviour;
use crate::purpose::Purpose;
use crate::refunds::model::{RefundExtent, RefundReason, RefundRequest};
use crate::state::Payments;

macro_rules! notice_jobs {
    ($($name:ident($payload:ty) = $job:literal),+ $(,)?) => {$(
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub(super) struct $name($payload);
        impl Job for $name {
            const NAME: &'static str = $job;
        }
        impl From<$payload> for $name {
            fn from(notice: $payload) -> Self {
                Self(notice)
            }
        }
    )+};
}
notice_jobs!(
    Settle(PaymentNotice) = "market.settle_order",
    Lapse(PaymentNotice) = "market.lapse_order",
    GoneBack(RefundNotice) = "market.order_refunded",
    Disputed(DisputeNotice) = "market.order_disputed",
);

/// What the market was notified, and what it cannot deliver.
#[derive(Default)]
pub(super) struct Market {
    pub(super) notices: Vec<(&'static str, Uuid)>,
    pub(super) sold_out: BTreeSet<Uuid>,
    pub(super) orders: BTreeMap<Uuid, Vec<(UserId, OrderItemId, Yen)>>,
    /// The refunds and disputes that it was notified of, in their order.
    pub(super) refunds: Vec<RefundNotice>,
    pub(super) disputes: Vec<DisputeNotice>,
}

/// An installation with payments.
pub(super) struct Fixture {
    pub(super) app: TestApp,
    pub(super) payments: Payments,
    pub(super) stripe: StripeDouble,
    pub(super) seller: TestUser,
    pub(super) buyer: TestUser,
    market: Arc<Mutex<Market>>,
    pub(super) credits_notices: SharedCredits,
}

impl Fixture {
    /// New payments go to Stripe's double.
    pub(super) async fn with_stripe() -> Self {
        Self::open("stripe", &[]).await
    }

    /// New payments go to the sandbox.
    pub(super) async fn with_sandbox() -> Self {
        Self::open("sandbox", &[]).await
    }

    pub(super) async fn open(provider: &str, more: &[(&str, &str)]) -> Self {
        Self::open_as(provider, more, SandboxBehaviour::default()).await
    }

    /// New payments go to a sandbox that behaves as another sort of provider.
    pub(super) async fn with_sandbox_as(behaviour: SandboxBehaviour) -> Self {
        Self::open_as("sandbox", &[], behaviour).await
    }

    async fn open_as(provider: &str, more: &[(&str, &str)], behaviour: SandboxBehaviour) -> Self {
        let stripe = StripeDouble::open().await;
        let market = Arc::new(Mutex::new(Market::default()));
        let credits_notices = SharedCredits::default();
        let mut payments = None;
        let app = TestApp::start_with(&stripe.settings(provider, more), |app| {
            let routes = PurposeRoutes::new()
                .route::<Settle, Lapse, GoneBack>(Purpose::Order)
                .route_disputes::<Disputed>(Purpose::Order)
                .route::<PackSettled, PackLapsed, MoneyBack>(Purpose::CreditPack)
                .route_refunds::<MoneyBack>(Purpose::Subscription)
                .subscriptions(subscription_fixture::routes());
            let fixture = Payments::with_sandbox(app.clone(), routes, behaviour).unwrap();
            let jobs = crate::jobs(&fixture)
                .and(market_jobs(&fixture, &market))
                .and(subscription_fixture::jobs(&fixture, &credits_notices));
            let built = (crate::routes(&fixture), jobs);
            payments = Some(fixture);
            built
        })
        .await;
        let (seller, buyer) = (app.user("花").await, app.user("健").await);
        Self { app, payments: payments.unwrap(), stripe, seller, buyer, market, credits_notices }
    }

    /// An order of ¥1,200 and its payment.
    pub(super) async fn order(&self) -> (Uuid, PaymentId) {
        self.order_of(&[1_200]).await
    }

    /// An order of items at these prices, and its payment.
    pub(super) async fn order_of(&self, prices: &[i64]) -> (Uuid, PaymentId) {
        let order = self.app.ctx().random().uuid_v4();
        let item = |price: &i64| (self.seller.id, OrderItemId(self.app.ctx().random().uuid_v4()), Yen(*price));
        let mut items: Vec<_> = prices.iter().map(item).collect();
        items.sort_by_key(|(_, item, price)| (-price.get(), *item));
        self.market().orders.insert(order, items);
        let payment = self.open_payment(order, Yen(prices.iter().sum())).await.unwrap();
        (order, payment)
    }

    pub(super) async fn open_payment(&self, order: Uuid, amount: Yen) -> Result<PaymentId, PaymentError> {
        let url = |path: &str| Url::parse(&format!("{}{path}", self.app.url)).unwrap();
        let new = NewPayment {
            purpose: Purpose::Order,
            reference_id: order,
            buyer_id: self.buyer.id,
            amount,
            description: "藍染のワンピース".to_owned(),
            success_url: url("/orders?paid=1"),
            cancel_url: url("/gallery"),
            expires_at: self.app.ctx().now() + Duration::minutes(30),
        };
        let mut tx = self.app.tx().await;
        let id = self.payments.open(&self.app.ctx(), &mut tx, &new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// An order whose page is open at Stripe's double; the last is the session.
    pub(super) async fn order_at_stripe(&self) -> (Uuid, PaymentId, String) {
        self.order_of_at_stripe(&[1_200]).await
    }

    /// As [`Fixture::order_at_stripe`], of items at these prices, the dearest first.
    pub(super) async fn order_of_at_stripe(&self, prices: &[i64]) -> (Uuid, PaymentId, String) {
        let (order, payment) = self.order_of(prices).await;
        self.payments.redirect_url_at(&self.app.ctx(), payment, ProviderCode::Stripe).await.unwrap();
        let session =
            self.stripe.sessions().into_iter().find(|session| session.client_reference_id == Some(order.to_string()));
        (order, payment, session.unwrap().id)
    }

    /// An order that is paid, settled and on the ledger.
    pub(super) async fn paid_order(&self) -> (Uuid, PaymentId, String) {
        self.paid_order_of(&[1_200]).await
    }

    /// As [`Fixture::paid_order`], of items at these prices, the dearest first.
    pub(super) async fn paid_order_of(&self, prices: &[i64]) -> (Uuid, PaymentId, String) {
        let (order, payment, session) = self.order_of_at_stripe(prices).await;
        self.deliver(&self.stripe.pay(&session)).await;
        self.app.drain().await;
        assert_eq!(self.status(payment).await, PaymentStatus::Captured);
        (order, payment, session)
    }

    /// Posts events to the webhook, in the order given.
    pub(super) async fn deliver(&self, events: &[SentEvent]) {
        self.stripe.deliver_to(&self.app.url, events).await;
    }

    pub(super) fn webhook(&self) -> Url {
        Url::parse(&format!("{}/api/webhooks/stripe", self.app.url)).unwrap()
    }

    /// Moves everybody's clock.
    pub(super) fn advance(&self, step: Duration) {
        self.app.advance(step);
        self.stripe.advance(step);
    }

    pub(super) fn market(&self) -> MutexGuard<'_, Market> {
        self.market.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the market was notified about an order.
    pub(super) fn notices(&self, order: Uuid) -> Vec<&'static str> {
        self.market().notices.iter().filter(|(_, about)| *about == order).map(|(notices, _)| *notices).collect()
    }

    pub(super) async fn status(&self, payment: PaymentId) -> PaymentStatus {
        let mut tx = self.app.tx().await;
        crate::payment::queries::lock(&mut tx, payment).await.unwrap().unwrap().status
    }

    /// How an event ended, by its name.
    pub(super) async fn outcome(&self, event: &SentEvent) -> String {
        self.app.value(&format!("select outcome from public.webhook_inbox where event_id = '{}'", event.id)).await
    }

    /// What `machiya verify` finds, once what has just happened is old enough to be judged.
    pub(super) async fn findings(&self) -> Vec<String> {
        self.advance(Duration::minutes(20));
        let mut tx = self.app.tx().await;
        let mut findings = crate::verify(&self.app.ctx(), &mut tx).await.unwrap();
        findings.extend(ledger::verify(&mut tx).await.unwrap());
        findings.into_iter().map(|finding| finding.code).collect()
    }

    /// The debit of all accounts of a kind.
    pub(super) async fn debit(&self, kind: &str) -> i64 {
        let mut tx = self.app.tx().await;
        let all = ledger::balances::of_platform(&mut tx).await.unwrap();
        all.into_iter().find(|one| one.kind == kind).map_or(0, |one| one.debit.get())
    }

    /// Asks for a refund; the same extent twice is the same request.
    pub(super) async fn request_refund(
        &self,
        payment_id: PaymentId,
        extent: RefundExtent,
    ) -> Result<kernel::RefundId, PaymentError> {
        let key = format!("{extent:?}").chars().take(200).collect::<String>();
        self.request_refund_as(payment_id, extent, &key).await
    }

    pub(super) async fn request_refund_as(
        &self,
        payment_id: PaymentId,
        extent: RefundExtent,
        key: &str,
    ) -> Result<kernel::RefundId, PaymentError> {
        let mut tx = self.app.tx().await;
        let request = RefundRequest { payment_id, reason: RefundReason::Requested, extent, key: key.to_owned() };
        let id = self.payments.request_refund(&self.app.ctx(), &mut tx, &request).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(super) fn item_of(&self, order: Uuid) -> OrderItemId {
        self.items_of(order)[0]
    }

    /// The items of an order, the dearest first.
    pub(super) fn items_of(&self, order: Uuid) -> Vec<OrderItemId> {
        self.market().orders[&order].iter().map(|(_, item, _)| *item).collect()
    }

    /// One value of the only attempt of a payment at a provider.
    pub(super) async fn attempt(&self, payment: PaymentId, provider: ProviderCode, column: &str) -> String {
        let sql = format!(
            "select coalesce({column}::text, '') from public.payment_attempts as a
               join public.payment_providers as p on p.id = a.provider_id
              where a.opened_for = '{payment}' and p.code = '{}' order by a.created_at desc limit 1",
            provider.as_str()
        );
        self.app.value(&sql).await
    }
}

fn market_jobs(payments: &Payments, market: &Arc<Mutex<Market>>) -> Registry {
    let (fixture, notified) = (payments.clone(), Arc::clone(market));
    let settle = move |run: JobRun<Settle>| settle(fixture.clone(), Arc::clone(&notified), run);
    let notified = Arc::clone(market);
    let lapse = move |run: JobRun<Lapse>| {
        let notified = Arc::clone(&notified);
        async move {
            notified.lock().unwrap().notices.push(("lapsed", run.job.0.reference_id));
            Ok(())
        }
    };
    let notified = Arc::clone(market);
    let gone_back = move |run: JobRun<GoneBack>| {
        let notified = Arc::clone(&notified);
        async move {
            let mut market = notified.lock().unwrap();
            market.notices.push(("refunded", run.job.0.payment.reference_id));
            market.refunds.push(run.job.0);
            Ok(())
        }
    };
    let notified = Arc::clone(market);
    let disputed = move |run: JobRun<Disputed>| {
        notified.lock().unwrap().disputes.push(run.job.0);
        async { Ok(()) }
    };
    Registry::new().on(settle).on(lapse).on(gone_back).on(disputed)
}

async fn settle(payments: Payments, market: Arc<Mutex<Market>>, run: JobRun<Settle>) -> Result<(), JobError> {
    let notice = &run.job.0;
    let (items, sold_out) = {
        let mut market = market.lock().unwrap();
        market.notices.push(("settled", notice.reference_id));
        (market.orders[&notice.reference_id].clone(), market.sold_out.contains(&notice.reference_id))
    };
    let mut tx = run.begin().await?;
    if sold_out {
        let request = RefundRequest {
            payment_id: notice.payment_id,
            reason: RefundReason::Unfulfillable,
            extent: RefundExtent::Whole,
            key: "unfulfillable".to_owned(),
        };
        payments.request_refund(&run.ctx, &mut tx, &request).await?;
    } else {
        let seller_share = Share::from_basis_points(8_000).unwrap();
        let sale = Sale {
            order_id: notice.reference_id.into(),
            payment_id: notice.payment_id,
            provider: ProviderName::from(notice.provider),
            lines: items
                .into_iter()
                .map(|(seller_id, order_item_id, price)| SaleLine { order_item_id, seller_id, price, seller_share })
                .collect(),
        };
        ledger::sales::record_sale(&run.ctx, &mut tx, &sale).await?;
    }
    run.finish(&mut tx, &()).await?;
    tx.commit().await?;
    Ok(())
}
