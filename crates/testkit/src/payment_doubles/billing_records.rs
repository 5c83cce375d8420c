//! What the double keeps of subscriptions.

use std::collections::BTreeMap;

/// A price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRecord {
    /// `price_…`.
    pub id: String,
    /// The caller's name of it.
    pub lookup_key: Option<String>,
    /// Minor units.
    pub unit_amount: i64,
    /// `month` or `year`.
    pub interval: String,
    /// What the buyer reads.
    pub product_name: String,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRecord {
    /// `cus_…`.
    pub id: String,
    /// As typed on the checkout page.
    pub email: String,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// Whether the card pays.
    pub card_works: bool,
}

/// A checkout session in subscription mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionSessionRecord {
    /// `cs_test_…`.
    pub id: String,
    /// `open`, `complete` or `expired`.
    pub status: &'static str,
    /// The price.
    pub price_id: String,
    /// Who pays, once that is known.
    pub customer_id: Option<String>,
    /// The mail address that the caller gave.
    pub customer_email: Option<String>,
    /// The caller's reference.
    pub client_reference_id: Option<String>,
    /// The caller's notes on the session.
    pub metadata: BTreeMap<String, String>,
    /// The caller's notes on the subscription.
    pub subscription_metadata: BTreeMap<String, String>,
    /// What has begun.
    pub subscription_id: Option<String>,
    /// Its first invoice.
    pub invoice_id: Option<String>,
    /// Where the buyer goes after paying.
    pub success_url: String,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds.
    pub expires_at: i64,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRecord {
    /// `sub_…`.
    pub id: String,
    /// Who pays.
    pub customer_id: String,
    /// `active`, `past_due` or `canceled`.
    pub status: &'static str,
    /// The price that is in force.
    pub price_id: String,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// Unix seconds.
    pub period_start: i64,
    /// Unix seconds.
    pub period_end: i64,
    /// Whether it ends with the period.
    pub cancel_at_period_end: bool,
    /// When it ended, in Unix seconds.
    pub canceled_at: Option<i64>,
    /// The newest invoice.
    pub latest_invoice_id: Option<String>,
    /// The schedule that it is under.
    pub schedule_id: Option<String>,
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRecord {
    /// `sub_sched_…`.
    pub id: String,
    /// `active` or `released`.
    pub status: &'static str,
    /// From, until, price.
    pub phases: Vec<(i64, i64, String)>,
}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRecord {
    /// Minor units; negative for what is given back.
    pub amount: i64,
    /// The price.
    pub price_id: String,
    /// Unix seconds.
    pub start: i64,
    /// Unix seconds.
    pub end: i64,
    /// Whether it settles a change within a period.
    pub proration: bool,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceRecord {
    /// `in_…`.
    pub id: String,
    /// What it is for.
    pub subscription_id: String,
    /// Who pays.
    pub customer_id: String,
    /// `open`, `paid`, `void`.
    pub status: &'static str,
    /// `subscription_create` and so on.
    pub billing_reason: &'static str,
    /// Minor units.
    pub amount: i64,
    /// Its lines.
    pub lines: Vec<LineRecord>,
    /// How often collecting was tried.
    pub attempt_count: u32,
    /// Unix seconds.
    pub next_attempt: Option<i64>,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds.
    pub paid_at: Option<i64>,
    /// `pi_…`.
    pub payment_intent_id: String,
    /// Given back so far.
    pub amount_refunded: i64,
}

/// Everything about subscriptions.
#[derive(Debug, Default)]
pub(super) struct Billing {
    pub(super) prices: BTreeMap<String, PriceRecord>,
    pub(super) customers: BTreeMap<String, CustomerRecord>,
    pub(super) sessions: BTreeMap<String, SubscriptionSessionRecord>,
    pub(super) subscriptions: BTreeMap<String, SubscriptionRecord>,
    pub(super) schedules: BTreeMap<String, ScheduleRecord>,
    pub(super) invoices: BTreeMap<String, InvoiceRecord>,
    pub(super) portals: u32,
}
