//! Stripe's objects, read tolerantly: only what is used, everything optional that Stripe may leave out, and a variant
//! for every value that did not exist when this was written.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// A field that holds an id, or the whole object where it was expanded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Expandable<T> {
    /// Only the id.
    Id(String),
    /// The object.
    Object(Box<T>),
}

/// An object that knows its id.
pub trait Identified {
    /// Stripe's id.
    fn id(&self) -> &str;
}

impl<T: Identified> Expandable<T> {
    /// The id in either form.
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Object(object) => object.id(),
        }
    }

    /// The object, where it was expanded.
    pub fn object(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Object(object) => Some(object),
        }
    }
}

/// Our own notes on a Stripe object.
pub type Metadata = BTreeMap<String, String>;

pub(super) fn metadata_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Metadata, D::Error> {
    Ok(Option::<Metadata>::deserialize(deserializer)?.unwrap_or_default())
}

/// Whether a buyer can still do something at a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// The buyer may pay.
    Open,
    /// The buyer has finished; the money may still be on its way.
    Complete,
    /// Nobody can pay any more.
    Expired,
    /// A value that this program does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whether the money is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionPaymentStatus {
    /// The money is there.
    Paid,
    /// The money is not there (yet).
    Unpaid,
    /// Nothing was to be paid.
    NoPaymentRequired,
    /// A value that this program does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A checkout session.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CheckoutSession {
    /// `cs_…`.
    pub id: String,
    /// Whether the buyer can still act.
    #[serde(default)]
    pub status: SessionStatus,
    /// Whether the money is there.
    #[serde(default)]
    pub payment_status: SessionPaymentStatus,
    /// The amount in the currency's minor unit.
    pub amount_total: Option<i64>,
    /// Lower-case ISO 4217.
    pub currency: Option<String>,
    /// The reference that we gave.
    pub client_reference_id: Option<String>,
    /// The payment behind the session; absent until the buyer acts.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// Where the buyer pays; only while open.
    pub url: Option<String>,
    /// Unix seconds.
    pub expires_at: Option<i64>,
    /// Our notes.
    #[serde(default, deserialize_with = "metadata_or_empty")]
    pub metadata: Metadata,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PaymentIntent {
    /// `pi_…`.
    pub id: String,
    /// `succeeded`, `requires_action` and so on.
    #[serde(default)]
    pub status: String,
    /// Asked for, in minor units.
    pub amount: Option<i64>,
    /// Arrived, in minor units.
    pub amount_received: Option<i64>,
    /// The charge that counts.
    pub latest_charge: Option<Expandable<Charge>>,
    /// Why the last attempt failed.
    pub last_payment_error: Option<PaymentFailure>,
    /// What the buyer is to do next.
    pub next_action: Option<NextAction>,
    /// Our notes.
    #[serde(default, deserialize_with = "metadata_or_empty")]
    pub metadata: Metadata,
}

/// What a buyer is to do next.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NextAction {
    /// How to pay at a convenience store.
    pub konbini_display_details: Option<KonbiniDetails>,
}

/// How to pay at a convenience store.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KonbiniDetails {
    /// The page with the codes for each chain.
    pub hosted_voucher_url: Option<String>,
    /// Until when it can be paid, in seconds of Unix time.
    pub expires_at: Option<i64>,
}

/// Why an attempt to pay failed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PaymentFailure {
    /// Stripe's code.
    pub code: Option<String>,
    /// The issuer's reason.
    pub decline_code: Option<String>,
}

/// A charge.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Charge {
    /// `ch_…` or `py_…`.
    pub id: String,
    /// What Stripe booked for it; absent until the money has moved.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// Given back so far, in minor units.
    #[serde(default)]
    pub amount_refunded: i64,
    /// The payment that it belongs to.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// Our notes.
    #[serde(default, deserialize_with = "metadata_or_empty")]
    pub metadata: Metadata,
}

/// A balance_transaction on our Stripe balance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BalanceTransaction {
    /// `txn_…`.
    pub id: String,
    /// Gross, in minor units.
    pub amount: i64,
    /// What Stripe keeps, in minor units.
    pub fee: i64,
    /// Lower-case ISO 4217.
    pub currency: String,
}

/// What became of a refund.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// The buyer must give an account number.
    RequiresAction,
    /// Done.
    Succeeded,
    /// Came back.
    Failed,
    /// Withdrawn.
    Canceled,
    /// A value that this program does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Money on its way back to the buyer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// `re_…` or `pyr_…`.
    pub id: String,
    /// In minor units.
    pub amount: i64,
    /// What became of it.
    #[serde(default)]
    pub status: RefundStatus,
    /// The payment that it belongs to.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// Our notes.
    #[serde(default, deserialize_with = "metadata_or_empty")]
    pub metadata: Metadata,
}

/// A buyer's bank takes the money back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Dispute {
    /// `du_…`.
    pub id: String,
    /// In minor units.
    pub amount: i64,
    /// `needs_response`, `won`, `lost` and so on.
    #[serde(default)]
    pub status: String,
    /// `fraudulent`, `product_not_received` and so on.
    #[serde(default)]
    pub reason: String,
    /// The payment that it belongs to.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct List<T> {
    /// The objects.
    pub data: Vec<T>,
    /// Whether more follow.
    #[serde(default)]
    pub has_more: bool,
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
identified!(CheckoutSession, PaymentIntent, Charge, BalanceTransaction, Refund, Dispute);
