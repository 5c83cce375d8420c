//! The double's records of billing in Stripe's JSON.

use serde_json::{Value, json};

use super::billing_records::{InvoiceRecord, LineRecord, ScheduleRecord};
use super::objects::fee_of;
use super::world::World;

/// Lines that an invoice shows by itself.
const LINES_SHOWN: usize = 10;

pub(super) fn price(world: &World, id: &str) -> Option<Value> {
    let price = world.billing.prices.get(id)?;
    Some(json!({
        "id": price.id, "object": "price", "active": true, "billing_scheme": "per_unit", "currency": "jpy",
        "livemode": false, "lookup_key": price.lookup_key, "metadata": price.metadata, "nickname": null,
        "product": price.id.replacen("price_", "prod_", 1), "type": "recurring", "unit_amount": price.unit_amount,
        "recurring": {"interval": price.interval, "interval_count": 1, "usage_type": "licensed"},
    }))
}

pub(super) fn session(world: &World, id: &str, expanded: bool) -> Option<Value> {
    let session = world.billing.sessions.get(id)?;
    let subscription_id = session.subscription_id.as_deref();
    let shown = match (subscription_id, expanded) {
        (Some(id), true) => subscription(world, id, true)?,
        (Some(id), false) => json!(id),
        (None, _) => Value::Null,
    };
    let email = session.customer_id.as_ref().and_then(|id| world.billing.customers.get(id)).map(|one| &one.email);
    let amount = world.billing.prices.get(&session.price_id).map(|price| price.unit_amount);
    Some(json!({
        "id": session.id, "object": "checkout.session", "mode": "subscription", "amount_total": amount,
        "client_reference_id": session.client_reference_id, "created": session.created, "currency": "jpy",
        "customer": session.customer_id, "customer_email": session.customer_email,
        "customer_details": email.map(|email| json!({"email": email, "name": null})),
        "expires_at": session.expires_at, "invoice": session.invoice_id, "livemode": false,
        "metadata": session.metadata, "payment_intent": null,
        "payment_status": if session.status == "complete" { "paid" } else { "unpaid" }, "status": session.status,
        "subscription": shown, "success_url": session.success_url,
        "url": (session.status == "open").then(|| format!("https://checkout.stripe.com/c/pay/{}", session.id)),
    }))
}

pub(super) fn schedule(record: &ScheduleRecord) -> Value {
    let present = record.phases.first().filter(|_| record.status == "active");
    let phases: Vec<Value> = record
        .phases
        .iter()
        .map(|(from, until, price)| {
            json!({"start_date": from, "end_date": until, "items": [{"price": price, "quantity": 1}]})
        })
        .collect();
    json!({
        "id": record.id, "object": "subscription_schedule", "status": record.status, "end_behavior": "release",
        "current_phase": present.map(|(from, until, _)| json!({"start_date": from, "end_date": until})),
        "phases": phases, "livemode": false, "metadata": {},
    })
}

pub(super) fn subscription(world: &World, id: &str, with_schedule: bool) -> Option<Value> {
    let record = world.billing.subscriptions.get(id)?;
    let plan = match (&record.schedule_id, with_schedule) {
        (Some(id), true) => schedule(world.billing.schedules.get(id)?),
        (Some(id), false) => json!(id),
        (None, _) => Value::Null,
    };
    Some(json!({
        "id": record.id, "object": "subscription", "status": record.status, "customer": record.customer_id,
        "cancel_at": record.cancel_at_period_end.then_some(record.period_end),
        "cancel_at_period_end": record.cancel_at_period_end, "canceled_at": record.canceled_at,
        "ended_at": record.canceled_at, "created": record.period_start, "currency": "jpy",
        "items": {"object": "list", "has_more": false, "data": [{
            "id": record.id.replacen("sub_", "si_", 1), "object": "subscription_item", "quantity": 1,
            "current_period_start": record.period_start, "current_period_end": record.period_end,
            "price": price(world, &record.price_id)?, "metadata": {},
        }]},
        "latest_invoice": record.latest_invoice_id, "livemode": false, "metadata": record.metadata, "schedule": plan,
    }))
}

pub(super) fn line(invoice: &InvoiceRecord, number: usize, line: &LineRecord) -> Value {
    json!({
        "id": format!("{}{number}", invoice.id.replacen("in_", "il_", 1)), "object": "line_item",
        "amount": line.amount, "currency": "jpy", "description": "1 × plan", "livemode": false, "metadata": {},
        "parent": {
            "type": "subscription_item_details", "invoice_item_details": null,
            "subscription_item_details": {
                "proration": line.proration, "subscription": invoice.subscription_id,
                "subscription_item": invoice.subscription_id.replacen("sub_", "si_", 1),
            },
        },
        "period": {"start": line.start, "end": line.end},
        "pricing": {
            "type": "price_details", "unit_amount_decimal": line.amount.to_string(),
            "price_details": {"price": line.price_id, "product": line.price_id.replacen("price_", "prod_", 1)},
        },
        "quantity": 1,
    })
}

pub(super) fn invoice(world: &World, id: &str, with_payments: bool) -> Option<Value> {
    let record = world.billing.invoices.get(id)?;
    let metadata = world.billing.subscriptions.get(&record.subscription_id).map(|one| &one.metadata);
    let lines: Vec<Value> =
        record.lines.iter().take(LINES_SHOWN).enumerate().map(|(number, one)| line(record, number, one)).collect();
    let mut shown = json!({
        "id": record.id, "object": "invoice", "amount_due": record.amount,
        "amount_paid": if record.status == "paid" { record.amount } else { 0 }, "attempt_count": record.attempt_count,
        "attempted": record.attempt_count > 0, "billing_reason": record.billing_reason, "created": record.created,
        "currency": "jpy", "customer": record.customer_id, "livemode": false, "metadata": {},
        "lines": {"object": "list", "has_more": record.lines.len() > LINES_SHOWN, "data": lines},
        "next_payment_attempt": record.next_attempt,
        "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {
            "metadata": metadata, "subscription": record.subscription_id,
        }},
        "status": record.status, "status_transitions": {"finalized_at": record.created, "paid_at": record.paid_at},
        "total": record.amount,
    });
    if with_payments {
        let status = if record.status == "paid" { "paid" } else { "open" };
        shown["payments"] = json!({"object": "list", "has_more": false, "data": [{
            "id": record.id.replacen("in_", "inpay_", 1), "object": "invoice_payment", "invoice": record.id,
            "status": status, "amount_requested": record.amount,
            "payment": {"type": "payment_intent", "payment_intent": record.payment_intent_id},
        }]});
    }
    Some(shown)
}

/// The payment behind an invoice, with its charge and fee.
pub(super) fn intent(record: &InvoiceRecord, fees_are_late: bool) -> Value {
    let paid = record.status == "paid";
    let fee = fee_of(record.amount);
    let transaction = (!fees_are_late).then(|| {
        json!({
            "id": record.payment_intent_id.replacen("pi_", "txn_", 1), "object": "balance_transaction",
            "amount": record.amount, "fee": fee, "net": record.amount - fee, "currency": "jpy", "type": "charge",
        })
    });
    let charge = paid.then(|| {
        json!({
            "id": record.payment_intent_id.replacen("pi_", "ch_", 1), "object": "charge", "amount": record.amount,
            "amount_refunded": record.amount_refunded, "balance_transaction": transaction, "currency": "jpy",
            "metadata": {}, "paid": true, "payment_intent": record.payment_intent_id, "status": "succeeded",
        })
    });
    json!({
        "id": record.payment_intent_id, "object": "payment_intent", "amount": record.amount, "currency": "jpy",
        "amount_received": if paid { record.amount } else { 0 }, "latest_charge": charge, "metadata": {},
        "livemode": false, "last_payment_error": null,
        "status": if paid { "succeeded" } else { "requires_payment_method" },
    })
}
