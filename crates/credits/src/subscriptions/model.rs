//! What a subscription is to credits.

use kernel::{UserId, Yen};
use payments::providers::ProviderCode;
use payments::subscriptions::{PlanTerms, SubscriptionSnapshot, SubscriptionStatus};
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::ids::{CheckoutId, SubscriptionId};
use crate::plans::model::PlanCode;
use payments::subscriptions::BillingPeriod;

/// How long an unpaid plan goes on as if it were paid.
pub const GRACE: Duration = Duration::days(7);
/// How long it can only be read after that, before it ends.
pub const READ_ONLY: Duration = Duration::days(14);
/// A period that ended this long ago without a word of its renewal is asked about.
pub(super) const FOLLOW_AFTER: Duration = Duration::hours(1);

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Status {
    /// Paid.
    Active,
    /// An invoice could not be collected.
    PastDue,
    /// Over, for good.
    Ended,
    /// It never was anybody's plan: paid when there was one already, and given back.
    GivenBack,
}

impl Status {
    /// Whether it is somebody's plan now.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Active | Self::PastDue)
    }

    /// What the provider's word means here.
    pub(super) const fn of(status: SubscriptionStatus) -> Self {
        match status {
            SubscriptionStatus::Active | SubscriptionStatus::Trialing | SubscriptionStatus::Incomplete => Self::Active,
            SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid => Self::PastDue,
            SubscriptionStatus::Canceled => Self::Ended,
        }
    }
}

/// A subscription, as the provider last said it stands.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Ours.
    pub id: SubscriptionId,
    /// Whose; nobody's where no account could be made.
    pub user_id: Option<UserId>,
    /// The checkout that began it.
    pub checkout_id: CheckoutId,
    /// Where it is paid.
    pub provider: ProviderCode,
    /// The provider's name of it.
    pub provider_subscription_id: String,
    /// The provider's name of who pays.
    pub provider_customer_id: String,
    /// The plan in force.
    pub plan: PlanCode,
    /// How often it is paid.
    pub period: BillingPeriod,
    /// How much each time.
    pub price: Yen,
    /// Where it stands.
    pub status: Status,
    /// The present period, by the provider's figures.
    pub period_start: OffsetDateTime,
    /// Its end.
    pub period_end: OffsetDateTime,
    /// What comes into force with the next period, where that is something else.
    pub next: Option<Terms>,
    /// Whether it ends with the present period.
    pub cancel_at_period_end: bool,
    /// Since when it is unpaid.
    pub past_due_since: Option<OffsetDateTime>,
    /// When it ended.
    pub ended_at: Option<OffsetDateTime>,
    /// When the provider was last asked.
    pub as_of: OffsetDateTime,
}

/// A plan, its period and its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The plan.
    pub plan: PlanCode,
    /// How often it is paid.
    pub period: BillingPeriod,
    /// How much each time.
    pub price: Yen,
}

impl Subscription {
    /// What is in force.
    pub fn terms(&self) -> Terms {
        Terms { plan: self.plan.clone(), period: self.period, price: self.price }
    }

    /// Takes over what the provider says, unless something newer is known; what is over stays over. Says whether
    /// anything was taken over. A word from the future is one of a clock that has gone back since, and older than any of now.
    pub(super) fn take(&mut self, snapshot: &SubscriptionSnapshot, now: OffsetDateTime) -> bool {
        let is_older = snapshot.as_of < self.as_of && self.as_of <= now;
        if is_older || !self.status.is_live() {
            return false;
        }
        self.plan = PlanCode(snapshot.plan_code.clone());
        self.period = snapshot.period;
        self.price = snapshot.price;
        self.period_start = snapshot.period_start;
        self.period_end = snapshot.period_end;
        self.next = snapshot.next.as_ref().map(Terms::from);
        self.cancel_at_period_end = snapshot.cancel_at_period_end;
        self.status = Status::of(snapshot.status);
        self.as_of = snapshot.as_of;
        true
    }
}

impl From<&PlanTerms> for Terms {
    fn from(terms: &PlanTerms) -> Self {
        Self { plan: PlanCode(terms.plan_code.clone()), period: terms.period, price: terms.price }
    }
}
