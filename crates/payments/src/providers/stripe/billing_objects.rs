//! Stripe's objects of billing, read as tolerantly as the others.

use serde::{Deserialize, Deserializer};

use super::objects::{
    Expandable, Identified, List, Metadata, PaymentIntent, SessionPaymentStatus, SessionStatus, metadata_or_empty,
};

/// A checkout session in subscription mode.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SubscriptionSession {
    /// `cs_…`.
    pub id: String,
    /// `subscription`; anything else is not for us.
    #[serde(default)]
    pub mode: String,
    /// Whether the buyer can still act.
    #[serde(default)]
    pub status: SessionStatus,
    /// Whether the money is there.
    #[serde(default)]
    pub payment_status: SessionPaymentStatus,
    /// Where the buyer pays; only while open.
    pub url: Option<String>,
    /// Who pays.
    pub customer: Option<Expandable<Customer>>,
    /// What the buyer gave.
    pub customer_details: Option<CustomerDetails>,
    /// The mail address that we gave.
    pub customer_email: Option<String>,
    /// What has begun.
    pub subscription: Option<Expandable<Subscription>>,
    /// The first invoice.
    pub invoice: Option<Expandable<Invoice>>,
    /// Our notes.
    #[serde(default, deserialize_with = "metadata_or_empty")]
    pub metadata: Metadata,
}

/// Who pays.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Customer {
    /// `cus_…`.
    pub id: String,
}

/// What a buyer gave on the checkout page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CustomerDetails {
    /// As typed.
    pub email: Option<String>,
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    /// The first invoice is not paid.
    Incomplete,
    /// The first invoice was not paid in time.
    IncompleteExpired,
    /// Not to be paid yet.
    Trialing,
    /// Paid.
    Active,
    /// An invoice could not be collected.
    PastDue,
    /// Over.
    Canceled,
    /// Stripe has given up collecting.
    Unpaid,
    /// Held because nothing is there to collect from.
    Paused,
    /// A value that this program does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Subscription {
    /// `sub_…`.
    pub id: String,
    /// Where it stands.
    #[serde(default)]
    pub status: SubscriptionState,
    /// Who pays.
    pub customer: Expandable<Customer>,
    /// What is subscribed to; ours have one item.
    pub items: List<SubscriptionItem>,
    /// Whether it ends with the period.
    #[serde(default)]
    pub cancel_at_period_end: bool,
    /// When it will end, in Unix seconds.
    pub cancel_at: Option<i64>,
    /// When its end was asked for, in Unix seconds.
    pub canceled_at: Option<i64>,
    /// When it ended, in Unix seconds.
    pub ended_at: Option<i64>,
    /// The newest invoice.
    pub latest_invoice: Option<Expandable<Invoice>>,
    /// What is planned for it.
    pub schedule: Option<Expandable<Schedule>>,
    /// Our notes.
    #[serde(default, deserialize_with = "metadata_or_empty")]
    pub metadata: Metadata,
}

/// What is subscribed to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SubscriptionItem {
    /// `si_…`.
    pub id: String,
    /// For how much.
    pub price: Price,
    /// When the present period began, in Unix seconds.
    pub current_period_start: i64,
    /// When it ends, in Unix seconds.
    pub current_period_end: i64,
}

/// A price; it never changes, only whether it is still in use.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Price {
    /// `price_…`.
    pub id: String,
    /// Our name of it.
    pub lookup_key: Option<String>,
    /// In minor units.
    pub unit_amount: Option<i64>,
    /// Lower-case ISO 4217.
    #[serde(default)]
    pub currency: String,
    /// How often.
    pub recurring: Option<Recurring>,
    /// Our notes.
    #[serde(default, deserialize_with = "metadata_or_empty")]
    pub metadata: Metadata,
}

/// How often a price is paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Recurring {
    /// `day`, `week`, `month` or `year`.
    pub interval: String,
    /// Of how many such intervals.
    #[serde(default)]
    pub interval_count: i64,
}

/// What is planned for a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Schedule {
    /// `sub_sched_…`.
    pub id: String,
    /// `not_started`, `active`, `completed`, `released` or `canceled`.
    #[serde(default)]
    pub status: String,
    /// The present phase.
    pub current_phase: Option<PhaseTime>,
    /// All phases.
    #[serde(default)]
    pub phases: Vec<Phase>,
}

/// When a phase is in force, in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct PhaseTime {
    /// From.
    pub start_date: i64,
    /// Until.
    pub end_date: i64,
}

/// A phase of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Phase {
    /// From, in Unix seconds.
    pub start_date: i64,
    /// Until, in Unix seconds.
    pub end_date: i64,
    /// What is subscribed to then.
    pub items: Vec<PhaseItem>,
}

/// What is subscribed to in a phase.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PhaseItem {
    /// For how much.
    pub price: Expandable<Price>,
}

/// What a change would cost; no invoice was made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Preview {
    /// To be collected, in minor units.
    pub amount_due: i64,
    /// Lower-case ISO 4217.
    pub currency: String,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Invoice {
    /// `in_…`.
    pub id: String,
    /// `draft`, `open`, `paid`, `void` or `uncollectible`.
    pub status: Option<String>,
    /// Who pays.
    pub customer: Option<Expandable<Customer>>,
    /// `subscription_create`, `subscription_cycle` and so on.
    pub billing_reason: Option<String>,
    /// Collected, in minor units.
    #[serde(default)]
    pub amount_paid: i64,
    /// To be collected, in minor units.
    #[serde(default)]
    pub amount_due: i64,
    /// Lower-case ISO 4217.
    #[serde(default)]
    pub currency: String,
    /// Unix seconds.
    #[serde(default)]
    pub created: i64,
    /// When it became what it is.
    #[serde(default, deserialize_with = "default_for_null")]
    pub status_transitions: StatusTransitions,
    /// When Stripe tries next, in Unix seconds.
    pub next_payment_attempt: Option<i64>,
    /// How often it has tried.
    #[serde(default)]
    pub attempt_count: u32,
    /// What it is for.
    pub parent: Option<InvoiceParent>,
    /// Its lines, or the first of them.
    pub lines: Option<List<InvoiceLineItem>>,
    /// How it was paid; only where expanded.
    pub payments: Option<List<InvoicePaymentItem>>,
}

/// When an invoice changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct StatusTransitions {
    /// Unix seconds.
    pub paid_at: Option<i64>,
}

/// What an invoice is for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InvoiceParent {
    /// A subscription, where it is one.
    pub subscription_details: Option<SubscriptionDetails>,
}

/// The subscription of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SubscriptionDetails {
    /// Which.
    pub subscription: Option<Expandable<Subscription>>,
}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InvoiceLineItem {
    /// In minor units; negative for what is given back.
    #[serde(default)]
    pub amount: i64,
    /// What the buyer reads.
    pub description: Option<String>,
    /// The time that it is for.
    pub period: LinePeriod,
    /// For which price.
    pub pricing: Option<LinePricing>,
    /// Where it comes from.
    pub parent: Option<LineParent>,
}

/// The time of a line, in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct LinePeriod {
    /// From.
    pub start: i64,
    /// Until.
    pub end: i64,
}

/// The price of a line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LinePricing {
    /// Which, where it is one.
    pub price_details: Option<PriceDetails>,
}

/// The price of a line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PriceDetails {
    /// Which.
    pub price: Option<Expandable<Price>>,
}

/// Where a line comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LineParent {
    /// A subscription's item.
    pub subscription_item_details: Option<ProrationMark>,
    /// An item that waited for an invoice.
    pub invoice_item_details: Option<ProrationMark>,
}

/// Whether a line settles a change within a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct ProrationMark {
    /// Whether it does.
    #[serde(default)]
    pub proration: bool,
}

/// How an invoice was paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InvoicePaymentItem {
    /// `open`, `paid` or `canceled`.
    #[serde(default)]
    pub status: String,
    /// With what.
    pub payment: Option<InvoicePaymentMeans>,
}

/// With what an invoice was paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InvoicePaymentMeans {
    /// A payment of Stripe's.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
}

/// A session of the customer portal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PortalSession {
    /// Where it is.
    pub url: String,
}

fn default_for_null<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

macro_rules! identified {
    ($($name:ident),+) => {$(
        impl Identified for $name {
            fn id(&self) -> &str {
                &self.id
            }
        }
    )+};
}
identified!(Customer, Subscription, Price, Schedule, Invoice);
