//! What the sandbox keeps about subscriptions, and how it looks in Stripe's words.

use kernel::{Locale, Yen};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::providers::subscriptions::notes::priced;
use crate::subscriptions::model::BillingPeriod;

/// Who pays, and whether the card does.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    pub id: String,
    pub email: String,
    pub locale: String,
    pub card_works: bool,
}

impl Customer {
    /// The language of what the customer reads.
    pub(super) fn locale(&self) -> Locale {
        self.locale.parse().unwrap_or_default()
    }
}

/// A plan, its words, its period and its price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    pub plan_code: String,
    pub plan_name: String,
    pub period: BillingPeriod,
    pub price_jpy: Yen,
}

impl Terms {
    fn price(&self) -> Value {
        priced(&self.plan_code, self.period, self.price_jpy.get())
    }
}

/// A checkout page.
#[derive(Clone, Debug)]
pub(super) struct Checkout {
    pub id: String,
    pub customer_id: Option<String>,
    pub customer_email: Option<String>,
    pub plan_code: String,
    pub plan_name: String,
    pub period: BillingPeriod,
    pub price: Yen,
    pub success_url: String,
    pub cancel_url: String,
    pub client_reference_id: String,
    pub locale: String,
    pub metadata: Value,
    pub status: String,
    pub subscription_id: Option<String>,
    pub expires_at: OffsetDateTime,
    pub created_at: OffsetDateTime,
}

impl Checkout {
    pub(super) fn is_open(&self) -> bool {
        self.status == "open"
    }

    pub(super) fn terms(&self) -> Terms {
        Terms {
            plan_code: self.plan_code.clone(),
            plan_name: self.plan_name.clone(),
            period: self.period,
            price_jpy: self.price,
        }
    }

    /// The session in Stripe's JSON; with the subscription as a whole object where one is given.
    pub(super) fn as_stripe(&self, page_url: &str, subscription: Option<&Value>, invoice_id: Option<&str>) -> Value {
        let shown = subscription.cloned().or_else(|| self.subscription_id.as_ref().map(|id| json!(id)));
        json!({
            "id": self.id, "object": "checkout.session", "mode": "subscription", "amount_total": self.price,
            "currency": "jpy", "success_url": self.success_url, "cancel_url": self.cancel_url,
            "client_reference_id": self.client_reference_id, "created": self.created_at.unix_timestamp(),
            "expires_at": self.expires_at.unix_timestamp(), "livemode": false, "metadata": self.metadata,
            "customer": self.customer_id, "customer_email": self.customer_email,
            "customer_details": {"email": self.customer_email}, "subscription": shown, "invoice": invoice_id,
            "payment_intent": null, "payment_status": if self.status == "complete" { "paid" } else { "unpaid" },
            "status": self.status, "url": self.is_open().then_some(page_url),
        })
    }
}

/// A subscription.
#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub id: String,
    pub customer_id: String,
    pub status: String,
    pub plan_code: String,
    pub plan_name: String,
    pub period: BillingPeriod,
    pub price: Yen,
    pub next_plan: Option<Json<Terms>>,
    pub metadata: Value,
    pub anchor_at: OffsetDateTime,
    pub period_start: OffsetDateTime,
    pub period_end: OffsetDateTime,
    pub cancel_at_period_end: bool,
    pub canceled_at: Option<OffsetDateTime>,
    pub latest_invoice_id: Option<String>,
    pub clock_ahead_seconds: i64,
    pub created_at: OffsetDateTime,
}

impl Subscription {
    pub(super) fn is_over(&self) -> bool {
        self.status == "canceled"
    }

    pub(super) fn terms(&self) -> Terms {
        Terms {
            plan_code: self.plan_code.clone(),
            plan_name: self.plan_name.clone(),
            period: self.period,
            price_jpy: self.price,
        }
    }

    pub(super) fn take_terms(&mut self, terms: Terms) {
        self.plan_code = terms.plan_code;
        self.plan_name = terms.plan_name;
        self.period = terms.period;
        self.price = terms.price_jpy;
    }

    fn schedule(&self) -> Value {
        let Some(Json(next)) = &self.next_plan else { return Value::Null };
        let (start, end) = (self.period_start.unix_timestamp(), self.period_end.unix_timestamp());
        let after = super::times::period_end(self.period_end, next.period, self.period_end).unix_timestamp();
        json!({
            "id": self.id.replacen("sub_", "sub_sched_", 1), "object": "subscription_schedule", "status": "active",
            "end_behavior": "release", "current_phase": {"start_date": start, "end_date": end},
            "phases": [
                {"start_date": start, "end_date": end, "items": [{"price": self.terms().price(), "quantity": 1}]},
                {"start_date": end, "end_date": after, "items": [{"price": next.price(), "quantity": 1}]},
            ],
        })
    }

    /// The subscription in Stripe's JSON.
    pub(super) fn as_stripe(&self) -> Value {
        let ends_at = self.cancel_at_period_end.then(|| self.period_end.unix_timestamp());
        let over_at = self.canceled_at.map(OffsetDateTime::unix_timestamp);
        json!({
            "id": self.id, "object": "subscription", "status": self.status, "customer": self.customer_id,
            "created": self.created_at.unix_timestamp(), "currency": "jpy", "livemode": false,
            "cancel_at_period_end": self.cancel_at_period_end, "cancel_at": ends_at, "canceled_at": over_at,
            "ended_at": over_at, "latest_invoice": self.latest_invoice_id, "metadata": self.metadata,
            "schedule": self.schedule(),
            "items": {"object": "list", "has_more": false, "data": [{
                "id": self.id.replacen("sub_", "si_", 1), "object": "subscription_item", "quantity": 1,
                "price": self.terms().price(), "current_period_start": self.period_start.unix_timestamp(),
                "current_period_end": self.period_end.unix_timestamp(),
            }]},
        })
    }
}

/// One line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub description: String,
    pub amount_jpy: Yen,
    pub terms: Terms,
    #[serde(with = "time::serde::timestamp")]
    pub start: OffsetDateTime,
    #[serde(with = "time::serde::timestamp")]
    pub end: OffsetDateTime,
    pub is_proration: bool,
}

/// An invoice.
#[derive(Clone, Debug)]
pub(super) struct Invoice {
    pub id: String,
    pub subscription_id: String,
    pub billing_reason: String,
    pub status: String,
    pub amount: Yen,
    pub refunded: Yen,
    pub payment_intent_id: String,
    pub lines: Json<Vec<Line>>,
    pub attempt_count: i32,
    pub next_attempt_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub paid_at: Option<OffsetDateTime>,
}

impl Invoice {
    pub(super) fn is_paid(&self) -> bool {
        self.status == "paid"
    }

    /// The invoice in Stripe's JSON.
    pub(super) fn as_stripe(&self, customer_id: &str) -> Value {
        let paid = self.is_paid();
        let lines: Vec<Value> = self.lines.iter().enumerate().map(|(number, line)| self.line(number, line)).collect();
        // Of an invoice over nothing there is no payment.
        let payments: Vec<Value> = (self.amount > Yen::ZERO)
            .then(|| {
                json!({
                    "id": self.id.replacen("in_", "inpay_", 1), "object": "invoice_payment",
                    "status": if paid { "paid" } else { "open" }, "amount_requested": self.amount,
                    "payment": {"type": "payment_intent", "payment_intent": self.payment_intent_id},
                })
            })
            .into_iter()
            .collect();
        json!({
            "id": self.id, "object": "invoice", "status": self.status, "customer": customer_id, "currency": "jpy",
            "billing_reason": self.billing_reason, "amount_due": self.amount, "total": self.amount,
            "amount_paid": if paid { self.amount } else { Yen::ZERO }, "created": self.created_at.unix_timestamp(),
            "status_transitions": {"paid_at": self.paid_at.map(OffsetDateTime::unix_timestamp)},
            "next_payment_attempt": self.next_attempt_at.map(OffsetDateTime::unix_timestamp),
            "attempt_count": self.attempt_count, "livemode": false, "metadata": {},
            "parent": {"type": "subscription_details", "subscription_details": {"subscription": self.subscription_id}},
            "lines": {"object": "list", "has_more": false, "data": lines},
            "payments": {"object": "list", "has_more": false, "data": payments},
        })
    }

    fn line(&self, number: usize, line: &Line) -> Value {
        json!({
            "id": format!("{}_{number}", self.id.replacen("in_", "il_", 1)), "object": "line_item",
            "amount": line.amount_jpy, "currency": "jpy", "description": line.description, "quantity": 1,
            "period": {"start": line.start.unix_timestamp(), "end": line.end.unix_timestamp()},
            "pricing": {"type": "price_details", "price_details": {"price": line.terms.price()}},
            "parent": {"type": "subscription_item_details", "subscription_item_details": {
                "proration": line.is_proration, "subscription": self.subscription_id,
            }},
        })
    }

    /// The payment behind it in Stripe's JSON.
    pub(super) fn intent_as_stripe(&self) -> Value {
        let paid = self.is_paid();
        let charge = paid.then(|| {
            json!({
                "id": self.payment_intent_id.replacen("pi_", "ch_", 1), "object": "charge",
                "amount_refunded": self.refunded, "payment_intent": self.payment_intent_id,
                "balance_transaction": {
                    "id": self.payment_intent_id.replacen("pi_", "txn_", 1), "object": "balance_transaction",
                    "amount": self.amount, "fee": self.amount.get() * 36 / 1_000, "currency": "jpy",
                },
            })
        });
        json!({
            "id": self.payment_intent_id, "object": "payment_intent", "amount": self.amount, "currency": "jpy",
            "amount_received": if paid { self.amount } else { Yen::ZERO }, "metadata": {},
            "status": if paid { "succeeded" } else { "requires_payment_method" }, "latest_charge": charge,
        })
    }
}

/// What a visitor of the clock page does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClockAction {
    /// Let the present period end now.
    RenewNow,
    /// Let a month pass.
    AdvanceMonth,
    /// From now on the card is declined.
    FailCard,
    /// The card works again, and what is open is collected.
    RepairCard,
    /// Let every attempt to collect fail, until the sandbox gives up.
    RunOut,
    /// End it now; what is open stays open.
    CancelNow,
}
