//! What is sent to Stripe about subscriptions.

use serde::Serialize;

use super::objects::Metadata;

/// `POST /v1/checkout/sessions` in subscription mode.
#[derive(Clone, Debug, Serialize)]
pub struct CreateSubscriptionSession<'a> {
    /// `subscription`.
    pub mode: &'static str,
    /// Where the buyer goes after paying.
    pub success_url: &'a str,
    /// Where the buyer goes when giving up.
    pub cancel_url: &'a str,
    /// Our reference (at most 200 characters).
    pub client_reference_id: &'a str,
    /// What is subscribed to.
    pub line_items: Vec<PricedItem<'a>>,
    /// Our notes on the session.
    pub metadata: Metadata,
    /// What the subscription carries.
    pub subscription_data: SubscriptionData,
    /// Who pays, where that is known; else `customer_email`, never both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<&'a str>,
    /// The mail address, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<&'a str>,
    /// `ja` or `en`.
    pub locale: &'static str,
}

/// A price and how many of it.
#[derive(Clone, Debug, Serialize)]
pub struct PricedItem<'a> {
    /// `price_…`.
    pub price: &'a str,
    /// How many.
    pub quantity: u32,
}

/// What a subscription carries.
#[derive(Clone, Debug, Serialize)]
pub struct SubscriptionData {
    /// Our notes.
    pub metadata: Metadata,
}

/// `GET /v1/prices`.
#[derive(Clone, Debug, Serialize)]
pub struct ListPrices<'a> {
    /// Our names.
    pub lookup_keys: Vec<&'a str>,
    /// Only those still in use.
    pub active: bool,
    /// At most 100.
    pub limit: u32,
}

/// `POST /v1/prices`.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePrice<'a> {
    /// Lower-case ISO 4217.
    pub currency: &'static str,
    /// In minor units.
    pub unit_amount: i64,
    /// How often.
    pub recurring: RecurringInterval,
    /// What is sold.
    pub product_data: NamedProduct<'a>,
    /// Our name of it.
    pub lookup_key: &'a str,
    /// Takes the name away from a price that is no longer in use.
    pub transfer_lookup_key: bool,
    /// Our notes.
    pub metadata: Metadata,
}

/// How often a price is paid.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RecurringInterval {
    /// `month` or `year`.
    pub interval: &'static str,
}

/// What is sold.
#[derive(Clone, Debug, Serialize)]
pub struct NamedProduct<'a> {
    /// What the buyer reads.
    pub name: &'a str,
}

/// `POST /v1/subscriptions/{id}`: another price, settled at once.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeItems<'a> {
    /// The one item with its new price.
    pub items: Vec<ItemChange<'a>>,
    /// `always_invoice`: the difference is collected now.
    pub proration_behavior: &'static str,
    /// `error_if_incomplete`: what cannot be collected changes nothing.
    pub payment_behavior: &'static str,
    /// From which moment the difference is reckoned, in Unix seconds; now where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proration_date: Option<i64>,
}

/// `POST /v1/invoices/create_preview`: what a change would cost.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePreview<'a> {
    /// `sub_…`.
    pub subscription: &'a str,
    /// What would change.
    pub subscription_details: PreviewDetails<'a>,
}

/// What would change of a subscription.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewDetails<'a> {
    /// The one item with its new price.
    pub items: Vec<ItemChange<'a>>,
    /// `always_invoice`.
    pub proration_behavior: &'static str,
    /// Unix seconds.
    pub proration_date: i64,
}

/// An item with its new price.
#[derive(Clone, Debug, Serialize)]
pub struct ItemChange<'a> {
    /// `si_…`.
    pub id: &'a str,
    /// `price_…`.
    pub price: &'a str,
}

/// `POST /v1/subscriptions/{id}`: whether it ends with its period.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CancelAtPeriodEnd {
    /// Whether.
    pub cancel_at_period_end: bool,
}

/// `POST /v1/subscriptions/{id}`: takes back an end at a fixed time.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ForgetCancelAt {
    /// Empty.
    pub cancel_at: &'static str,
}

/// `POST /v1/subscription_schedules`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CreateSchedule<'a> {
    /// What it takes over as its first phase.
    pub from_subscription: &'a str,
}

/// `POST /v1/subscription_schedules/{id}`.
#[derive(Clone, Debug, Serialize)]
pub struct PlanPhases<'a> {
    /// `release`: afterwards the subscription goes on by itself.
    pub end_behavior: &'static str,
    /// The present phase, and the next.
    pub phases: (PresentPhase<'a>, NextPhase<'a>),
}

/// The phase that is in force.
#[derive(Clone, Debug, Serialize)]
pub struct PresentPhase<'a> {
    /// What is subscribed to.
    pub items: Vec<PricedItem<'a>>,
    /// Unix seconds.
    pub start_date: i64,
    /// Unix seconds.
    pub end_date: i64,
    /// `none`.
    pub proration_behavior: &'static str,
}

/// The phase that follows, one period long.
#[derive(Clone, Debug, Serialize)]
pub struct NextPhase<'a> {
    /// What is subscribed to.
    pub items: Vec<PricedItem<'a>>,
    /// How long.
    pub duration: PhaseDuration,
    /// `none`.
    pub proration_behavior: &'static str,
}

/// How long a phase is.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PhaseDuration {
    /// `month` or `year`.
    pub interval: &'static str,
    /// How many.
    pub interval_count: u32,
}

/// `GET /v1/invoices`.
#[derive(Clone, Debug, Serialize)]
pub struct ListInvoices<'a> {
    /// Whose.
    pub subscription: &'a str,
    /// At most 100.
    pub limit: u32,
    /// What is to be a whole object.
    pub expand: Vec<&'static str>,
}

/// `GET /v1/invoices/{id}/lines`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ListLines {
    /// At most 100.
    pub limit: u32,
}

/// `POST /v1/billing_portal/sessions`.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePortalSession<'a> {
    /// Whose.
    pub customer: &'a str,
    /// Where the way back leads.
    pub return_url: &'a str,
}

/// `POST /v1/customers/{id}`.
#[derive(Clone, Debug, Serialize)]
pub struct NoteCustomer<'a> {
    /// Our notes.
    pub metadata: &'a Metadata,
}
