//! The double's records in Stripe's JSON.

use serde_json::{Value, json};

use super::world::{RefundRecord, SessionRecord, World};

/// The version that events say they are written in.
pub(super) const API_VERSION: &str = "2026-10-28.endive";

/// How a session's payment is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Only its id.
    Id,
    /// With charge and balance transaction.
    Whole,
}

/// What Stripe keeps: 3.6 %, rounded down.
pub(super) const fn fee_of(amount: i64) -> i64 {
    amount * 36 / 1_000
}

pub(super) fn session(world: &World, session: &SessionRecord, depth: Depth) -> Value {
    let payment_intent = match (session.acted, depth) {
        (false, _) => Value::Null,
        (true, Depth::Id) => json!(session.payment_intent_id),
        (true, Depth::Whole) => intent(world, session, depth),
    };
    json!({
        "id": session.id,
        "object": "checkout.session",
        "amount_subtotal": session.amount_total,
        "amount_total": session.amount_total,
        "cancel_url": session.cancel_url,
        "client_reference_id": session.client_reference_id,
        "created": session.created,
        "currency": "jpy",
        "customer": null,
        "expires_at": session.expires_at,
        "livemode": false,
        "metadata": session.metadata,
        "mode": "payment",
        "payment_intent": payment_intent,
        "payment_status": session.payment_status,
        "status": session.status,
        "success_url": session.success_url,
        "url": (session.status == "open").then(|| format!("https://checkout.stripe.com/c/pay/{}", session.id)),
    })
}

pub(super) fn intent(world: &World, session: &SessionRecord, depth: Depth) -> Value {
    let paid = session.payment_status == "paid";
    // A printed convenience store slip waits for the buyer; one that ran out asks for another way to pay.
    let status = match (paid, session.status, &session.last_decline) {
        (true, ..) => "succeeded",
        (false, "complete", None) => "requires_action",
        _ => "requires_payment_method",
    };
    let charge_id = session.payment_intent_id.replacen("pi_", "ch_", 1);
    let latest_charge = match (paid, depth) {
        (false, _) => Value::Null,
        (true, Depth::Id) => json!(charge_id),
        (true, Depth::Whole) => charge(world, session, depth),
    };
    json!({
        "id": session.payment_intent_id,
        "object": "payment_intent",
        "amount": session.amount_total,
        "amount_received": if paid { session.amount_total } else { 0 },
        "created": session.created,
        "currency": "jpy",
        "last_payment_error": session.last_decline.as_ref().map(|code| json!({
            "type": "card_error", "code": "card_declined", "decline_code": code, "message": "Your card was declined.",
        })),
        "latest_charge": latest_charge,
        "livemode": false,
        "metadata": session.intent_metadata,
        "next_action": (status == "requires_action").then(|| json!({
            "type": "konbini_display_details",
            "konbini_display_details": {
                "expires_at": session.created + 3 * 86_400,
                "hosted_voucher_url": format!("https://payments.stripe.com/konbini/voucher/{}", session.payment_intent_id),
                "stores": {"familymart": {"confirmation_number": "400008", "payment_code": "1234567"}},
            },
        })),
        "status": status,
    })
}

pub(super) fn charge(world: &World, session: &SessionRecord, depth: Depth) -> Value {
    let transaction_id = session.payment_intent_id.replacen("pi_", "txn_", 1);
    let transaction = match (world.fees_are_late, depth) {
        (true, _) => Value::Null,
        (false, Depth::Id) => json!(transaction_id),
        (false, Depth::Whole) => {
            let fee = fee_of(session.amount_total);
            json!({
                "id": transaction_id, "object": "balance_transaction", "amount": session.amount_total, "fee": fee,
                "net": session.amount_total - fee, "currency": "jpy", "type": "charge", "status": "pending",
            })
        }
    };
    json!({
        "id": session.payment_intent_id.replacen("pi_", "ch_", 1),
        "object": "charge",
        "amount": session.amount_total,
        "amount_refunded": session.amount_refunded,
        "balance_transaction": transaction,
        "currency": "jpy",
        "livemode": false,
        "metadata": session.intent_metadata,
        "paid": true,
        "payment_intent": session.payment_intent_id,
        "refunded": session.amount_refunded == session.amount_total,
        "status": "succeeded",
    })
}

pub(super) fn refund(refund: &RefundRecord) -> Value {
    json!({
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "charge": refund.payment_intent_id.replacen("pi_", "ch_", 1),
        "created": refund.created,
        "currency": "jpy",
        "failure_reason": (refund.status == "failed").then_some("expired_or_canceled_card"),
        "metadata": refund.metadata,
        "payment_intent": refund.payment_intent_id,
        "reason": null,
        "status": refund.status,
    })
}

pub(super) fn dispute(id: &str, session: &SessionRecord, status: &str) -> Value {
    json!({
        "id": id, "object": "dispute", "amount": session.amount_total, "currency": "jpy", "livemode": false,
        "charge": session.payment_intent_id.replacen("pi_", "ch_", 1), "payment_intent": session.payment_intent_id,
        "reason": "fraudulent", "status": status, "metadata": {},
    })
}

pub(super) fn event(id: &str, kind: &str, created: i64, object: &Value) -> Value {
    json!({
        "id": id, "object": "event", "api_version": API_VERSION, "created": created, "data": {"object": object},
        "livemode": false, "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null}, "type": kind,
    })
}

/// Stripe's error envelope.
pub(super) fn error(kind: &str, code: &str, param: Option<&str>, message: &str) -> Value {
    json!({"error": {"type": kind, "code": code, "param": param, "message": message, "doc_url": format!("https://stripe.com/docs/error-codes/{code}")}})
}
