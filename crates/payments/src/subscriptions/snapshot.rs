//! What a provider says of subscriptions and invoices, in our own types; also the payload of the notices.

use kernel::Yen;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::BillingPeriod;
use crate::providers::code::ProviderCode;

/// Where a subscription stands at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// The first invoice is not paid (yet).
    Incomplete,
    /// Paid.
    Active,
    /// Not to be paid yet.
    Trialing,
    /// An invoice could not be collected; the provider tries again.
    PastDue,
    /// An invoice could not be collected and the provider has given up.
    Unpaid,
    /// Over, for good.
    Canceled,
}

/// A plan, its period and its price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanTerms {
    /// As in `subscription_plans.code`; empty for a price that is not ours.
    pub plan_code: String,
    /// How often it is paid.
    pub period: BillingPeriod,
    /// How much each time.
    pub price: Yen,
}

/// A subscription at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionSnapshot {
    /// Where it is.
    pub provider: ProviderCode,
    /// When the provider was asked: of two snapshots the one that was asked for later is not older.
    #[serde(with = "time::serde::rfc3339")]
    pub as_of: OffsetDateTime,
    /// The provider's name of it.
    pub subscription_id: String,
    /// The provider's name of who pays.
    pub customer_id: String,
    /// The checkout that began it, by our note on it.
    pub checkout_id: Option<Uuid>,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// The plan that is in force.
    pub plan_code: String,
    /// How often it is paid.
    pub period: BillingPeriod,
    /// How much each time.
    pub price: Yen,
    /// When the present period began, by the provider's own figures.
    #[serde(with = "time::serde::rfc3339")]
    pub period_start: OffsetDateTime,
    /// When it ends.
    #[serde(with = "time::serde::rfc3339")]
    pub period_end: OffsetDateTime,
    /// What comes into force with the next period, when that is something else.
    pub next: Option<PlanTerms>,
    /// Whether it ends with the present period.
    pub cancel_at_period_end: bool,
    /// The newest invoice.
    pub latest_invoice_id: Option<String>,
    /// When it was ended, or when its end was asked for.
    #[serde(with = "time::serde::rfc3339::option")]
    pub canceled_at: Option<OffsetDateTime>,
}

/// Why there is an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingReason {
    /// The subscription began.
    SubscriptionCreate,
    /// A period began.
    SubscriptionCycle,
    /// The plan changed within a period.
    SubscriptionUpdate,
    /// Somebody wrote it by hand at the provider.
    Manual,
    /// Any other.
    Other,
}

/// Where an invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceStatus {
    /// Still being written.
    Draft,
    /// To be paid.
    Open,
    /// Paid.
    Paid,
    /// Withdrawn.
    Void,
    /// Given up.
    Uncollectible,
}

/// One line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceLine {
    /// What the buyer reads.
    pub description: String,
    /// Negative for what is given back of an unused time.
    pub amount: Yen,
    /// The plan, where the line is about one of ours.
    pub plan_code: Option<String>,
    /// How often that plan is paid.
    pub period: Option<BillingPeriod>,
    /// The time that the line is for.
    #[serde(with = "time::serde::rfc3339")]
    pub period_start: OffsetDateTime,
    /// Its end.
    #[serde(with = "time::serde::rfc3339")]
    pub period_end: OffsetDateTime,
    /// Whether it settles a change within a period.
    pub is_proration: bool,
}

/// An invoice at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceSnapshot {
    /// Where it is.
    pub provider: ProviderCode,
    /// The provider's name of it.
    pub invoice_id: String,
    /// The subscription that it is for.
    pub subscription_id: Option<String>,
    /// The provider's name of who pays.
    pub customer_id: Option<String>,
    /// Why there is one.
    pub billing_reason: BillingReason,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// What was collected.
    pub amount_paid: Yen,
    /// What was to be collected.
    pub amount_due: Yen,
    /// The provider's name of the payment; absent when nothing was to be paid, or not through the provider.
    pub payment_intent_id: Option<String>,
    /// What it is for.
    pub lines: Vec<InvoiceLine>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was paid.
    #[serde(with = "time::serde::rfc3339::option")]
    pub paid_at: Option<OffsetDateTime>,
    /// When the provider tries next to collect it.
    #[serde(with = "time::serde::rfc3339::option")]
    pub next_attempt_at: Option<OffsetDateTime>,
    /// How often it has tried.
    pub attempt_count: u32,
}

/// Whether the first payment of a checkout is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutPayment {
    /// The money is there.
    Paid,
    /// The buyer has finished; the money is on its way. The invoice's own events follow.
    Unpaid,
    /// Nothing was to be paid.
    NotRequired,
}

/// A checkout that has begun a subscription: the payload of the *begin* notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutCompleted {
    /// Where.
    pub provider: ProviderCode,
    /// The provider's name of the page.
    pub session_id: String,
    /// Ours.
    pub checkout_id: Uuid,
    /// What the buyer gave as mail address; trimmed, otherwise as typed.
    pub email: Option<String>,
    /// The provider's name of the customer.
    pub customer_id: String,
    /// Whether the money is there.
    pub payment_status: CheckoutPayment,
    /// The subscription.
    pub subscription: SubscriptionSnapshot,
    /// Its first invoice.
    pub invoice: Option<InvoiceSnapshot>,
}

/// How a checkout stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionCheckout {
    /// It has begun a subscription.
    Completed(Box<CheckoutCompleted>),
    /// The buyer may still pay.
    Open,
    /// Nobody can pay any more.
    Expired,
}

/// The payload of the *invoice* notice: an invoice, and its subscription as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceNotice {
    /// The invoice.
    pub invoice: InvoiceSnapshot,
    /// The subscription.
    pub subscription: SubscriptionSnapshot,
}
