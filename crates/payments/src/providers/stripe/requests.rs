//! What is sent to Stripe, and its form encoding.

use serde::Serialize;

use super::error::StripeError;
use super::objects::Metadata;

/// `POST /v1/checkout/sessions`, the part of it that is used.
#[derive(Clone, Debug, Serialize)]
pub struct CreateSession<'a> {
    /// Always `payment` here; subscriptions have another shape.
    pub mode: &'static str,
    /// Where the buyer goes after paying.
    pub success_url: &'a str,
    /// Where the buyer goes when giving up.
    pub cancel_url: &'a str,
    /// Our reference (at most 200 characters).
    pub client_reference_id: &'a str,
    /// What is bought.
    pub line_items: Vec<LineItem<'a>>,
    /// Our notes on the session.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// What the payment behind the session carries.
    pub payment_intent_data: PaymentIntentData,
    /// `ja` or `en`.
    pub locale: &'static str,
    /// When the session lapses, in Unix seconds: 30 minutes to 24 hours ahead.
    pub expires_at: i64,
}

/// One line of a checkout.
#[derive(Clone, Debug, Serialize)]
pub struct LineItem<'a> {
    /// How many.
    pub quantity: u32,
    /// What, and for how much.
    pub price_data: PriceData<'a>,
}

/// An inline price.
#[derive(Clone, Debug, Serialize)]
pub struct PriceData<'a> {
    /// Lower-case ISO 4217.
    pub currency: &'static str,
    /// In minor units; for JPY in yen.
    pub unit_amount: i64,
    /// What the buyer reads.
    pub product_data: ProductData<'a>,
}

/// The text on the checkout page.
#[derive(Clone, Debug, Serialize)]
pub struct ProductData<'a> {
    /// The title.
    pub name: &'a str,
}

/// What the payment behind a session carries.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentIntentData {
    /// Our notes on the payment.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

/// `POST /v1/refunds`.
#[derive(Clone, Debug, Serialize)]
pub struct CreateRefund<'a> {
    /// The payment.
    pub payment_intent: &'a str,
    /// In minor units.
    pub amount: i64,
    /// Stripe's own list of reasons.
    pub reason: &'static str,
    /// Our notes.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

/// The empty body.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Nothing {}

/// Which parts of an answer are to be whole objects.
#[derive(Clone, Debug, Serialize)]
pub struct Expansion {
    /// Paths such as `payment_intent.latest_charge`.
    pub expand: Vec<&'static str>,
}

/// `GET /v1/refunds`.
#[derive(Clone, Debug, Serialize)]
pub struct ListRefunds<'a> {
    /// The payment.
    pub payment_intent: &'a str,
    /// At most 100.
    pub limit: u32,
}

/// Form encoding with bracketed nesting: `line_items[0][price_data][currency]=jpy`.
///
/// # Errors
/// [`StripeError::Unreadable`] when a request has a shape that a form cannot have, which is a fault of ours.
pub fn encode_form<T: Serialize>(request: &T) -> Result<String, StripeError> {
    serde_qs::Config::new()
        .use_form_encoding(true)
        .serialize_string(request)
        .map_err(|error| StripeError::Unreadable(error.to_string()))
}
