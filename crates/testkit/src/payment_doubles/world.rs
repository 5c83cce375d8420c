//! What the double remembers, and how it changes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::billing_records::Billing;
use super::faults::ScriptedFailure;
use super::form::{BadField, Form, integer, metadata, required};

/// A checkout session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// `cs_test_…`.
    pub id: String,
    /// `pi_…`, known to the outside once the buyer has acted.
    pub payment_intent_id: String,
    /// `open`, `complete` or `expired`.
    pub status: &'static str,
    /// `unpaid` or `paid`.
    pub payment_status: &'static str,
    /// Minor units.
    pub amount_total: i64,
    /// The caller's reference.
    pub client_reference_id: Option<String>,
    /// The caller's notes on the session.
    pub metadata: BTreeMap<String, String>,
    /// The caller's notes on the payment.
    pub intent_metadata: BTreeMap<String, String>,
    /// Where the buyer goes after paying.
    pub success_url: String,
    /// Where the buyer goes when giving up.
    pub cancel_url: Option<String>,
    /// What the buyer reads.
    pub description: String,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds.
    pub expires_at: i64,
    /// The issuer's reason for the last refusal.
    pub last_decline: Option<String>,
    /// Whether the buyer has chosen a way to pay.
    pub acted: bool,
    /// Given back so far.
    pub amount_refunded: i64,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRecord {
    /// `re_…`.
    pub id: String,
    /// The payment.
    pub payment_intent_id: String,
    /// Minor units.
    pub amount: i64,
    /// `pending`, `succeeded` or `failed`.
    pub status: &'static str,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// Unix seconds.
    pub created: i64,
}

/// The answer kept under an idempotency key.
#[derive(Clone, Debug)]
pub(super) struct KeptAnswer {
    pub(super) path: String,
    pub(super) form: Form,
    pub(super) status: u16,
    pub(super) body: Value,
}

/// A call that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// The query, raw.
    pub query: String,
    /// The `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// The body, raw.
    pub body: String,
}

/// Everything that the double knows.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) sessions: BTreeMap<String, SessionRecord>,
    pub(super) refunds: BTreeMap<String, RefundRecord>,
    pub(super) events: Vec<Value>,
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) kept: BTreeMap<String, KeptAnswer>,
    pub(super) faults: Vec<ScriptedFailure>,
    pub(super) refunds_stay_pending: bool,
    pub(super) fees_are_late: bool,
    pub(super) last_number: u64,
    pub(super) billing: Billing,
}

pub(super) const SESSION_FIELDS: &[&str] = &[
    "mode",
    "success_url",
    "cancel_url",
    "client_reference_id",
    "line_items[*][quantity]",
    "line_items[*][price]",
    "line_items[*][price_data][currency]",
    "line_items[*][price_data][unit_amount]",
    "line_items[*][price_data][product_data][name]",
    "metadata[*]",
    "payment_intent_data[metadata][*]",
    "payment_intent_data[transfer_group]",
    "customer",
    "locale",
    "expires_at",
    "payment_method_options[konbini][expires_after_days]",
];

pub(super) const REFUND_FIELDS: &[&str] = &["payment_intent", "amount", "reason", "metadata[*]"];

impl World {
    pub(super) fn next_id(&mut self, prefix: &str) -> String {
        self.last_number += 1;
        format!("{prefix}{:016x}", self.last_number)
    }

    /// `POST /v1/checkout/sessions`.
    pub(super) fn create_session(&mut self, form: &Form, now: i64) -> Result<SessionRecord, BadField> {
        if required(form, "mode")? != "payment" {
            return Err(BadField::new("parameter_invalid", "mode", "this double knows only the mode payment"));
        }
        let success_url = absolute_url(form, "success_url")?;
        let cancel_url = form.contains_key("cancel_url").then(|| absolute_url(form, "cancel_url")).transpose()?;
        let currency = "line_items[0][price_data][currency]";
        if required(form, currency)? != "jpy" {
            return Err(BadField::new("parameter_invalid", currency, "Invalid currency"));
        }
        let unit_amount = integer(form, "line_items[0][price_data][unit_amount]")?;
        let amount_total = unit_amount.saturating_mul(integer(form, "line_items[0][quantity]")?);
        if amount_total < 50 {
            let message = "The Checkout Session's total amount due must add up to at least ¥50 jpy";
            return Err(BadField::new("amount_too_small", "line_items", message));
        }
        let expires_at = if form.contains_key("expires_at") { integer(form, "expires_at")? } else { now + 86_400 };
        if !(now + 1_800..=now + 86_400).contains(&expires_at) {
            let message = "The `expires_at` timestamp must be 30 minutes to 24 hours from Checkout Session creation.";
            return Err(BadField::new("parameter_invalid", "expires_at", message));
        }
        let reference = form.get("client_reference_id").cloned();
        if reference.as_ref().is_some_and(|reference| reference.chars().count() > 200) {
            return Err(BadField::new("parameter_invalid_string_length", "client_reference_id", "Too long"));
        }
        let session = SessionRecord {
            id: self.next_id("cs_test_"),
            payment_intent_id: self.next_id("pi_"),
            status: "open",
            payment_status: "unpaid",
            amount_total,
            client_reference_id: reference,
            metadata: metadata(form, "metadata")?,
            intent_metadata: metadata(form, "payment_intent_data[metadata]")?,
            success_url,
            cancel_url,
            description: required(form, "line_items[0][price_data][product_data][name]")?.to_owned(),
            created: now,
            expires_at,
            last_decline: None,
            acted: false,
            amount_refunded: 0,
        };
        self.sessions.insert(session.id.clone(), session.clone());
        Ok(session)
    }

    /// `POST /v1/checkout/sessions/{id}/expire`.
    pub(super) fn expire_session(&mut self, id: &str) -> Option<Result<SessionRecord, BadField>> {
        let session = self.sessions.get_mut(id)?;
        if session.status != "open" {
            let message = format!(
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This Session has a status of {}.",
                session.status
            );
            return Some(Err(BadField::new("resource_state_invalid", "session", message)));
        }
        session.status = "expired";
        Some(Ok(session.clone()))
    }

    /// `POST /v1/refunds`.
    pub(super) fn create_refund(&mut self, form: &Form, now: i64) -> Result<RefundRecord, BadField> {
        let intent = required(form, "payment_intent")?.to_owned();
        let status = if self.refunds_stay_pending { "pending" } else { "succeeded" };
        let refund_id = self.next_id("re_");
        let session = self.sessions.values_mut().find(|session| session.payment_intent_id == intent);
        let invoice = self.billing.invoices.values_mut().find(|invoice| invoice.payment_intent_id == intent);
        let (is_paid, amount_total, amount_refunded) = match (session, invoice) {
            (Some(session), _) => {
                (session.payment_status == "paid", session.amount_total, &mut session.amount_refunded)
            }
            (None, Some(invoice)) => (invoice.status == "paid", invoice.amount, &mut invoice.amount_refunded),
            (None, None) => {
                let message = format!("No such payment_intent: '{intent}'");
                return Err(BadField::new("resource_missing", "payment_intent", message));
            }
        };
        if !is_paid {
            return Err(BadField::new(
                "payment_intent_unexpected_state",
                "payment_intent",
                "There is no charge to refund",
            ));
        }
        let left = amount_total - *amount_refunded;
        if left == 0 {
            return Err(BadField::new(
                "charge_already_refunded",
                "payment_intent",
                "Charge has already been refunded.",
            ));
        }
        let amount = if form.contains_key("amount") { integer(form, "amount")? } else { left };
        if amount < 1 || amount > left {
            return Err(BadField::new("amount_too_large", "amount", "Refund amount is greater than unrefunded amount"));
        }
        if let Some(reason) = form.get("reason")
            && !["duplicate", "fraudulent", "requested_by_customer"].contains(&reason.as_str())
        {
            return Err(BadField::new("parameter_invalid", "reason", "Invalid reason"));
        }
        *amount_refunded += amount;
        let refund = RefundRecord {
            id: refund_id,
            payment_intent_id: intent,
            amount,
            status,
            metadata: metadata(form, "metadata")?,
            created: now,
        };
        self.refunds.insert(refund.id.clone(), refund.clone());
        Ok(refund)
    }
}

pub(super) fn absolute_url(form: &Form, name: &str) -> Result<String, BadField> {
    let text = required(form, name)?;
    let absolute = url::Url::parse(text).is_ok_and(|url| url.has_host());
    if absolute && text.len() <= 5_000 {
        Ok(text.to_owned())
    } else {
        Err(BadField::new("url_invalid", name, "Not a valid URL"))
    }
}
