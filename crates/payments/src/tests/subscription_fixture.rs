//! What the tests of subscriptions stand on: an installation of credits that records its notices and money.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{Locale, PaymentId, Yen};
use platform::jobs::{Job, JobError, JobRun, Registry};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fixture::Fixture;
use crate::error::PaymentError;
use crate::notices::model::{PaymentNotice, RefundNotice};
use crate::payment::model::NewPayment;
use crate::providers::code::ProviderCode;
use crate::purpose::Purpose;
use crate::state::Payments;
use crate::subscriptions::model::{BillingPeriod, NewSubscriptionCheckout, OpenedCheckout, PlanChange, Proration};
use crate::subscriptions::record::InvoicePayment;
use crate::subscriptions::routes::{CheckoutLapsed, SubscriptionRoutes};
use crate::subscriptions::snapshot::{
    CheckoutCompleted, InvoiceNotice, InvoiceSnapshot, InvoiceStatus, SubscriptionCheckout, SubscriptionSnapshot,
};

macro_rules! notices {
    ($($name:ident($payload:ty) = $job:literal),+ $(,)?) => {$(
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub(super) struct $name($payload);
        impl Job for $name {
            const NAME: &'static str = $job;
        }
        impl From<$payload> for $name {
            fn from(notices: $payload) -> Self {
                Self(notices)
            }
        }
    )+};
}
notices!(
    Begun(CheckoutCompleted) = "credits.begin_subscription",
    Followed(SubscriptionSnapshot) = "credits.follow_subscription",
    Invoiced(InvoiceNotice) = "credits.take_invoice",
    MoneyBack(RefundNotice) = "credits.money_back",
    PackSettled(PaymentNotice) = "credits.pack_settled",
    PackLapsed(PaymentNotice) = "credits.pack_lapsed",
);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PageLapsed(Uuid);
impl Job for PageLapsed {
    const NAME: &'static str = "credits.checkout_lapsed";
}
impl From<CheckoutLapsed> for PageLapsed {
    fn from(notices: CheckoutLapsed) -> Self {
        Self(notices.checkout_id)
    }
}

/// The notices of credits.
#[derive(Clone, Default)]
pub(super) struct Credits {
    pub(super) begun: Vec<CheckoutCompleted>,
    pub(super) followed: Vec<SubscriptionSnapshot>,
    pub(super) invoiced: Vec<InvoiceNotice>,
    pub(super) lapsed: Vec<Uuid>,
    pub(super) money_back: Vec<(PaymentId, Yen)>,
    /// Packs that cannot be delivered.
    sold_out: BTreeSet<Uuid>,
    /// The row that credits has for an invoice.
    references: BTreeMap<String, Uuid>,
}

pub(super) type SharedCredits = Arc<Mutex<Credits>>;

/// The routes of credits.
pub(super) fn routes() -> SubscriptionRoutes {
    SubscriptionRoutes::new().route::<Begun, Followed, Invoiced>().route_lapsed::<PageLapsed>()
}

fn locked(credits: &SharedCredits) -> MutexGuard<'_, Credits> {
    credits.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The jobs of credits.
pub(super) fn jobs(payments: &Payments, credits: &SharedCredits) -> Registry {
    let (one, two) = (payments.clone(), payments.clone());
    let shared: [SharedCredits; 6] = std::array::from_fn(|_| Arc::clone(credits));
    let [begun, followed, invoiced, lapsed, back, packs] = shared;
    Registry::new()
        .on(move |run: JobRun<Begun>| begin(one.clone(), Arc::clone(&begun), run))
        .on(move |run: JobRun<Invoiced>| take_invoice(two.clone(), Arc::clone(&invoiced), run))
        .on(move |run: JobRun<PackSettled>| settle_pack(Arc::clone(&packs), run))
        .on(|_: JobRun<PackLapsed>| async { Ok(()) })
        .on(move |run: JobRun<Followed>| {
            locked(&followed).followed.push(run.job.0);
            async { Ok(()) }
        })
        .on(move |run: JobRun<PageLapsed>| {
            locked(&lapsed).lapsed.push(run.job.0);
            async { Ok(()) }
        })
        .on(move |run: JobRun<MoneyBack>| {
            locked(&back).money_back.push((run.job.0.payment.payment_id, run.job.0.refunded_yen));
            async { Ok(()) }
        })
}

async fn begin(payments: Payments, credits: SharedCredits, run: JobRun<Begun>) -> Result<(), JobError> {
    locked(&credits).begun.push(run.job.0.clone());
    match &run.job.0.invoice {
        Some(invoice) => record(&payments, &credits, &run, invoice).await,
        None => Ok(()),
    }
}

async fn take_invoice(payments: Payments, credits: SharedCredits, run: JobRun<Invoiced>) -> Result<(), JobError> {
    locked(&credits).invoiced.push(run.job.0.clone());
    record(&payments, &credits, &run, &run.job.0.invoice).await
}

async fn settle_pack(credits: SharedCredits, run: JobRun<PackSettled>) -> Result<(), JobError> {
    let notice = &run.job.0;
    if locked(&credits).sold_out.contains(&notice.reference_id) {
        return Ok(());
    }
    let mut tx = run.begin().await?;
    let provider = ledger::ProviderName::from(notice.provider);
    ledger::deferred::record_receipt(&run.ctx, &mut tx, notice.payment_id, &provider, notice.amount_yen).await?;
    run.finish(&mut tx, &()).await?;
    tx.commit().await?;
    Ok(())
}

async fn record<J: Job>(
    payments: &Payments,
    credits: &SharedCredits,
    run: &JobRun<J>,
    invoice: &InvoiceSnapshot,
) -> Result<(), JobError> {
    if invoice.status != InvoiceStatus::Paid {
        return Ok(());
    }
    let fresh = run.ctx.random().uuid_v4();
    let reference_id = *locked(credits).references.entry(invoice.invoice_id.clone()).or_insert(fresh);
    let mut tx = run.begin().await?;
    let payment = InvoicePayment { invoice, reference_id, buyer_id: None };
    payments.record_invoice_payment(&run.ctx, &mut tx, &payment).await?;
    run.finish(&mut tx, &()).await?;
    tx.commit().await?;
    Ok(())
}

/// What happens to a subscription at its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// The period ends.
    Renew,
    /// The card stops working.
    FailCard,
    /// The card works again, and what is open is collected.
    RepairCard,
    /// It is ended at the provider.
    EndThere,
}

impl Fixture {
    /// The notices of credits so far.
    pub(super) fn credits(&self) -> Credits {
        locked(&self.credits_notices).clone()
    }

    /// A checkout for the plan pro, by the month, for ¥9,800, by somebody whom nobody knows yet.
    pub(super) fn new_checkout(&self) -> NewSubscriptionCheckout {
        NewSubscriptionCheckout {
            checkout_id: self.app.ctx().random().uuid_v4(),
            user_id: None,
            plan_code: "pro".to_owned(),
            plan_name: "プロ".to_owned(),
            period: BillingPeriod::Month,
            price: Yen(9_800),
            customer: None,
            email: None,
            success_url: format!("{}/welcome?session_id={{CHECKOUT_SESSION_ID}}", self.app.url),
            cancel_url: format!("{}/plans", self.app.url),
            locale: Locale::Ja,
        }
    }

    pub(super) async fn open_page(&self, new: &NewSubscriptionCheckout) -> Result<OpenedCheckout, PaymentError> {
        self.payments.open_subscription_checkout(&self.app.ctx(), new).await
    }

    /// Pays on the page; its events arrive.
    pub(super) async fn pay_page(&self, session_id: &str, email: &str) {
        match self.payments.default_provider() {
            ProviderCode::Stripe => {
                self.stripe.subscribe(session_id, email);
            }
            _ => {
                let fields = [("outcome", "succeed"), ("email", email)];
                let page = format!("/sandbox/checkout/{session_id}");
                self.app.anonymous().as_browser().post_form(&page, &fields).await.expect(303);
            }
        }
        self.fetch_all().await;
    }

    /// A subscription that has begun.
    pub(super) async fn subscribed(&self) -> CheckoutCompleted {
        let opened = self.open_page(&self.new_checkout()).await.unwrap();
        self.pay_page(&opened.session_id, "hana@example.jp").await;
        match self.payments.fetch_subscription_checkout(opened.provider, &opened.session_id).await.unwrap() {
            SubscriptionCheckout::Completed(completed) => *completed,
            other => panic!("{other:?}"),
        }
    }

    /// Everything that the provider has to say arrives.
    pub(super) async fn fetch_all(&self) {
        if self.payments.default_provider() == ProviderCode::Stripe {
            self.deliver(&self.stripe.events()).await;
        }
        self.app.drain().await;
    }

    /// Lets something happen at the provider; its events arrive.
    pub(super) async fn happen(&self, subscription: &SubscriptionSnapshot, act: Act) {
        let (id, customer) = (&subscription.subscription_id, &subscription.customer_id);
        if self.payments.default_provider() == ProviderCode::Sandbox {
            let action = match act {
                Act::Renew => "renew_now",
                Act::FailCard => "fail_card",
                Act::RepairCard => "repair_card",
                Act::EndThere => "cancel_now",
            };
            let page = format!("/sandbox/subscriptions/{id}");
            let answer = self.app.anonymous().as_browser().post_form(&page, &[("action", action)]).await.expect(303);
            assert_eq!(answer.header("location"), page, "{act:?}");
        } else {
            match act {
                Act::Renew => drop(self.stripe.renew(id)),
                Act::FailCard => self.stripe.set_card(customer, false),
                Act::RepairCard => {
                    self.stripe.set_card(customer, true);
                    self.stripe.retry(id);
                }
                Act::EndThere => drop(self.stripe.end_subscription(id)),
            }
        }
        self.fetch_all().await;
    }

    pub(super) async fn look(&self, id: &str) -> SubscriptionSnapshot {
        self.payments.fetch_subscription(self.payments.default_provider(), id).await.unwrap()
    }

    /// The newest invoice of a subscription.
    pub(super) async fn newest_invoice(&self, subscription: &SubscriptionSnapshot) -> InvoiceSnapshot {
        self.payments
            .fetch_invoice(subscription.provider, subscription.latest_invoice_id.as_deref().unwrap())
            .await
            .unwrap()
    }

    pub(super) fn change(&self, id: &str, plan: (&str, i64), proration: Proration) -> PlanChange {
        PlanChange {
            prorated_at: None,
            provider: self.payments.default_provider(),
            subscription_id: id.to_owned(),
            plan_code: plan.0.to_owned(),
            plan_name: format!("プラン {}", plan.0),
            period: BillingPeriod::Month,
            price: Yen(plan.1),
            proration,
            key: format!("change:{}", self.app.ctx().random().uuid_v4()),
        }
    }

    /// The amounts of the recorded payments of subscriptions, in the order of their making.
    pub(super) async fn collected(&self) -> Vec<i64> {
        let mut tx = self.app.tx().await;
        let rows: Vec<(i64,)> = sqlx::query_as(
            "select amount_jpy from public.payments where purpose = 'subscription' order by created_at, id",
        )
        .fetch_all(tx.conn())
        .await
        .unwrap();
        rows.into_iter().map(|(amount,)| amount).collect()
    }
}

/// Packs.
impl Fixture {
    /// A pack of credits for ¥5,000, paid; the credits come with it, or do not.
    pub(super) async fn buy_pack(&self, delivered: bool) -> PaymentId {
        let reference_id = self.app.ctx().random().uuid_v4();
        if !delivered {
            locked(&self.credits_notices).sold_out.insert(reference_id);
        }
        let url = |path: &str| url::Url::parse(&format!("{}{path}", self.app.url)).unwrap();
        let new = NewPayment {
            purpose: Purpose::CreditPack,
            reference_id,
            buyer_id: self.buyer.id,
            amount: Yen(5_000),
            description: "50,000 tokens".to_owned(),
            success_url: url("/admin/settings"),
            cancel_url: url("/plans"),
            expires_at: self.app.ctx().now() + time::Duration::hours(1),
        };
        let mut tx = self.app.tx().await;
        let id = self.payments.open(&self.app.ctx(), &mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        let page = self.payments.redirect_url(&self.app.ctx(), id).await.unwrap();
        let client = self.buyer.client.clone().as_browser();
        client.post_form(page.path(), &[("outcome", "succeed")]).await.expect(303);
        self.app.drain().await;
        id
    }
}

/// Things of which nobody is told.
impl Fixture {
    /// Pays on the page; nothing of it arrives.
    pub(super) async fn pay_page_unheard(&self, session_id: &str) {
        if self.payments.default_provider() == ProviderCode::Stripe {
            self.stripe.subscribe(session_id, "hana@example.jp");
        } else {
            let fields = [("outcome", "succeed"), ("email", "hana@example.jp")];
            let page = format!("/sandbox/checkout/{session_id}");
            self.app.anonymous().as_browser().post_form(&page, &fields).await.expect(303);
        }
    }

    /// The period ends; nothing of it arrives.
    pub(super) async fn renew_unheard(&self, subscription_id: &str) {
        if self.payments.default_provider() == ProviderCode::Stripe {
            self.stripe.renew(subscription_id);
        } else {
            let page = format!("/sandbox/subscriptions/{subscription_id}");
            self.app.anonymous().as_browser().post_form(&page, &[("action", "renew_now")]).await.expect(303);
        }
    }
}
