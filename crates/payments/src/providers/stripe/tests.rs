//! Examples and properties of the wire format, the signature and the errors.

use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::error::classify;
use super::events::{Event, EventObject};
use super::objects::{CheckoutSession, Expandable, Metadata, RefundStatus, SessionPaymentStatus, SessionStatus};
use super::requests::{
    CreateRefund, CreateSession, Expansion, LineItem, Nothing, PaymentIntentData, PriceData, ProductData, encode_form,
};
use super::signature::{SignatureError, sign, verify};
use super::*;

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds)
}

/// Computed with `printf '%s' '1492774577.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test`.
const VECTOR: &str = "7656fc2882a7ca0a651666b36bf2f2f22ee204f54f608f227498a2419f2890b2";

#[test]
fn the_signature_is_what_openssl_computes() {
    let header = sign(&secret("whsec_test"), at(1_492_774_577), br#"{"id":"evt_1"}"#);
    assert_eq!(header, format!("t=1492774577,v1={VECTOR}"));
    assert_eq!(verify(&[secret("whsec_test")], at(1_492_774_577), Some(&header), br#"{"id":"evt_1"}"#), Ok(()));
}

#[test]
fn time_is_bounded_on_both_sides() {
    let key = [secret("k")];
    let header = sign(&key[0], at(10_000), b"x");
    for (now, expected) in [
        (10_300, Ok(())),
        (9_700, Ok(())),
        (10_301, Err(SignatureError::OutsideTolerance)),
        (9_699, Err(SignatureError::OutsideTolerance)),
    ] {
        assert_eq!(verify(&key, at(now), Some(&header), b"x"), expected, "at {now}");
    }
}

#[test]
fn any_v1_and_either_secret_will_do() {
    let header = sign(&secret("new"), at(5), b"x");
    let (_, good) = header.split_once(",v1=").unwrap();
    let several = format!("t=5,v1={},v0=ab,v1={good}", "00".repeat(32));
    assert_eq!(verify(&[secret("old"), secret("new")], at(5), Some(&several), b"x"), Ok(()));
    assert_eq!(verify(&[secret("old")], at(5), Some(&several), b"x"), Err(SignatureError::Mismatch));
}

#[test]
fn malformed_headers_are_told_apart_from_wrong_ones() {
    let long = format!("t=5{}", ",v1=00".repeat(10_000));
    for header in [
        None,
        Some(""),
        Some("t=5"),
        Some("v1=00"),
        Some("t=,v1=00"),
        Some("t=+5,v1=00"),
        Some("t=5,t=5,v1=00"),
        Some("t=99999999999999999999999,v1=00"),
        Some("t=-5,v1=00"),
        Some("t=5,v1=zz"),
    ] {
        assert_eq!(verify(&[secret("k")], at(5), header, b"x"), Err(SignatureError::Malformed), "{header:?}");
    }
    assert_eq!(verify(&[secret("k")], at(5), Some("t=5,v1="), b"x"), Err(SignatureError::Mismatch));
    assert_eq!(verify(&[secret("k")], at(5), Some(&long), b"x"), Err(SignatureError::Mismatch));
    assert_eq!(verify(&[], at(5), Some(&sign(&secret("k"), at(5), b"x")), b"x"), Err(SignatureError::Mismatch));
}

proptest! {
    #[test]
    fn what_was_signed_is_believed_and_nothing_else(
        body in proptest::collection::vec(any::<u8>(), 0..400),
        key in "[ -~]{1,80}",
        now in 0_i64..4_000_000_000,
        flip in any::<(usize, u8)>(),
    ) {
        let secrets = [secret(&key)];
        let header = sign(&secrets[0], at(now), &body);
        prop_assert_eq!(verify(&secrets, at(now), Some(&header), &body), Ok(()));
        let mut other = body.clone();
        if other.is_empty() || flip.1 == 0 { other.push(flip.1) } else { let at = flip.0 % other.len(); other[at] ^= flip.1 }
        prop_assert_eq!(verify(&secrets, at(now), Some(&header), &other), Err(SignatureError::Mismatch));
        let later = header.replacen(&format!("t={now}"), &format!("t={}", now + 1), 1);
        prop_assert_eq!(verify(&secrets, at(now), Some(&later), &body), Err(SignatureError::Mismatch));
    }

    #[test]
    fn no_header_makes_the_parser_panic(header in "[tv01=,a-f\\-+ ]{0,200}") {
        let _ = verify(&[secret("k")], at(5), Some(&header), b"x");
    }

    #[test]
    fn no_body_makes_the_event_parser_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(event) = Event::parse(&body) { let _ = event.object(); }
    }
}

fn session_request() -> CreateSession<'static> {
    let metadata = Metadata::from([("payment_id".to_owned(), "p 1".to_owned())]);
    CreateSession {
        mode: "payment",
        success_url: "https://shop.example/ok?a=1&b=2",
        cancel_url: "https://shop.example/no",
        client_reference_id: "order-1",
        line_items: vec![LineItem {
            quantity: 1,
            price_data: PriceData {
                currency: "jpy",
                unit_amount: 1_200,
                product_data: ProductData { name: "春の服 & more" },
            },
        }],
        metadata: metadata.clone(),
        payment_intent_data: PaymentIntentData { metadata },
        locale: "ja",
        expires_at: 1_800_000_000,
    }
}

#[test]
fn requests_are_bracketed_forms() {
    let form = encode_form(&session_request()).unwrap();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let expected = [
        ("mode", "payment"),
        ("success_url", "https://shop.example/ok?a=1&b=2"),
        ("cancel_url", "https://shop.example/no"),
        ("client_reference_id", "order-1"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "jpy"),
        ("line_items[0][price_data][unit_amount]", "1200"),
        ("line_items[0][price_data][product_data][name]", "春の服 & more"),
        ("metadata[payment_id]", "p 1"),
        ("payment_intent_data[metadata][payment_id]", "p 1"),
        ("locale", "ja"),
        ("expires_at", "1800000000"),
    ];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(form.is_ascii());
}

#[test]
fn small_requests_are_forms_too() {
    let refund = CreateRefund { payment_intent: "pi_1", amount: 50, reason: "duplicate", metadata: Metadata::new() };
    assert_eq!(encode_form(&refund).unwrap(), "payment_intent=pi_1&amount=50&reason=duplicate");
    assert_eq!(encode_form(&Nothing {}).unwrap(), "");
    let expand = encode_form(&Expansion { expand: vec!["a.b"] }).unwrap();
    assert_eq!(expand.replace("%5B", "[").replace("%5D", "]"), "expand[0]=a.b");
}

#[test]
fn objects_are_read_tolerantly() {
    let session: CheckoutSession = serde_json::from_value(json!({
        "id": "cs_1", "object": "checkout.session", "status": "paused_by_moonlight", "payment_status": "paid",
        "amount_total": 1200, "currency": "jpy", "metadata": null, "new_field": {"deep": [1, 2]},
        "payment_intent": {"id": "pi_1", "latest_charge": {"id": "ch_1",
            "balance_transaction": {"id": "txn_1", "amount": 1200, "fee": 43, "currency": "jpy"}}}
    }))
    .unwrap();
    assert_eq!(session.status, SessionStatus::Unknown);
    assert_eq!(session.payment_status, SessionPaymentStatus::Paid);
    assert!(session.metadata.is_empty());
    let intent = session.payment_intent.as_ref().unwrap();
    assert_eq!(intent.id(), "pi_1");
    let charge = intent.object().and_then(|intent| intent.latest_charge.as_ref()).and_then(Expandable::object).unwrap();
    assert_eq!(charge.balance_transaction.as_ref().and_then(Expandable::object).unwrap().fee, 43);

    let bare: CheckoutSession = serde_json::from_value(json!({"id": "cs_1", "payment_intent": "pi_2"})).unwrap();
    assert_eq!(bare.payment_intent.unwrap().id(), "pi_2");
    assert_eq!(bare.status, SessionStatus::Unknown);
}

#[test]
fn events_give_typed_objects() {
    let refund = Event::parse(
        json!({"id": "evt_1", "type": "refund.updated", "data": {"object":
            {"id": "re_1", "object": "refund", "amount": 5, "status": "requires_action", "payment_intent": "pi_1"}}})
        .to_string()
        .as_bytes(),
    )
    .unwrap();
    assert_eq!(refund.object_id(), "re_1");
    let EventObject::Refund(object) = refund.object().unwrap() else { panic!("a refund") };
    assert_eq!(object.status, RefundStatus::RequiresAction);

    let broken = json!({"id": "evt_2", "type": "x", "data": {"object": {"object": "checkout.session", "id": 7}}});
    assert!(Event::parse(broken.to_string().as_bytes()).unwrap().object().is_err());
    let strange = json!({"id": "evt_3", "type": "x", "data": {"object": ["a"]}});
    assert_eq!(Event::parse(strange.to_string().as_bytes()).unwrap().object().unwrap(), EventObject::Other);
    assert!(Event::parse(b"{\"id\":\"evt_4\"}").is_err());
}

#[test]
fn errors_are_sorted_by_what_to_do_next() {
    let body = |kind: &str, code: &str| json!({"error": {"type": kind, "code": code, "message": "m"}}).to_string();
    let sorted = |status, text: &str| classify(status, Some("3"), text.as_bytes());
    assert_eq!(sorted(429, ""), StripeError::Busy { retry_after_seconds: Some(3) });
    assert_eq!(sorted(409, &body("idempotency_error", "idempotency_key_in_use")), StripeError::Locked);
    assert_eq!(sorted(409, &body("invalid_request_error", "lock_timeout")), StripeError::Locked);
    assert_eq!(sorted(400, &body("idempotency_error", "")), StripeError::KeyReused);
    assert_eq!(sorted(500, "<html>"), StripeError::Failed { status: 500 });
    assert_eq!(sorted(401, &body("invalid_request_error", "")), StripeError::NotAllowed { status: 401 });
    assert_eq!(sorted(404, &body("invalid_request_error", "resource_missing")), StripeError::Missing);
    let declined = json!({"error": {"type": "card_error", "code": "card_declined", "decline_code": "lost_card"}});
    assert_eq!(sorted(402, &declined.to_string()), StripeError::Declined { code: "lost_card".to_owned() });
    assert_eq!(
        sorted(400, &body("invalid_request_error", "charge_already_refunded")),
        StripeError::Refused { code: "charge_already_refunded".to_owned(), param: None }
    );
    assert_eq!(sorted(418, "tea"), StripeError::Refused { code: "status_418".to_owned(), param: None });
    assert!(sorted(500, "").effect_is_unknown() && sorted(500, "").is_worth_repeating());
    assert!(!sorted(404, "").is_worth_repeating());
}
