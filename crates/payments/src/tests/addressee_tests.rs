//! To whom documents are addressed.

use http::Method;
use kernel::{PaymentId, Yen};
use serde_json::{Value, json};
use testkit::{Answer, TestClient};

use super::fixture::Fixture;
use crate::refunds::model::RefundExtent;
use crate::tax_invoices;
use crate::tax_invoices::ids::TaxInvoiceId;
use crate::tax_invoices::issuer::Issuer;
use crate::tax_invoices::model::{InvoiceLine, IssuedFor, NewTaxInvoice, TaxRate};

const ADDRESSEE: &str = "/api/invoices/addressee";

async fn put(client: &TestClient, body: &Value) -> Answer {
    client.send(Method::PUT, ADDRESSEE, |request| request.json(body)).await
}

async fn issue(fixture: &Fixture, payment_id: PaymentId, amount: i64) -> TaxInvoiceId {
    let line = InvoiceLine {
        description: "プロプラン".to_owned(),
        quantity: 1,
        amount_with_tax: Yen(amount),
        rate: TaxRate::Standard10,
    };
    let new = NewTaxInvoice {
        payment_id,
        buyer_id: fixture.buyer.id,
        issued_for: IssuedFor::CreditPack,
        lines: vec![line],
        transaction_date: tax_invoices::issue::today(&fixture.app.ctx()),
    };
    let mut tx = fixture.app.tx().await;
    let issuer = Issuer::of(&fixture.app.state.config);
    let id = tax_invoices::issue(&fixture.app.ctx(), &mut tx, &issuer, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_company_is_on_what_is_issued_from_then_on_and_stays_there() {
    let fixture = Fixture::with_stripe().await;
    let (_, sold, _) = fixture.paid_order().await;
    let captured = fixture.captured(2, 1_200).await;
    let payments = [captured[0], sold, captured[1]];
    let buyer = &fixture.buyer.client;
    assert_eq!(buyer.get(ADDRESSEE).await.expect(200).json(), json!({"addressee": null}));
    let before = issue(&fixture, payments[0], 1_200).await;
    let company =
        json!({"kind": "company", "name": " 株式会社　藍染 ", "department": "経理部", "address": "東京都台東区1-2-3"});
    let answer = put(buyer, &company).await.expect(200).json();
    assert_eq!(answer["addressee"]["name"], "株式会社 藍染");
    assert_eq!(buyer.get(ADDRESSEE).await.expect(200).json(), answer);
    let company = issue(&fixture, payments[1], 1_200).await;

    // Changed and taken away: what was issued is as it was.
    put(buyer, &json!({"kind": "person", "name": "藍 花子"})).await.expect(200);
    let person = issue(&fixture, payments[2], 1_200).await;
    assert_eq!(put(buyer, &json!({"name": ""})).await.expect(200).json(), json!({"addressee": null}));
    let of = |id: TaxInvoiceId| async move { buyer.get(&format!("/api/invoices/{id}")).await.expect(200).json() };
    let (before, company_body, person_body) = (of(before).await, of(company).await, of(person).await);
    assert_eq!((&before["buyerIsCompany"], &before["buyerAddress"]), (&json!(false), &json!(null)));
    assert_eq!(company_body["buyerName"], "株式会社 藍染");
    assert_eq!((&company_body["buyerDepartment"], &company_body["buyerIsCompany"]), (&json!("経理部"), &json!(true)));
    assert_eq!(company_body["buyerAddress"], "東京都台東区1-2-3");
    assert_eq!((&person_body["buyerName"], &person_body["buyerDepartment"]), (&json!("藍 花子"), &json!(null)));
    let page = buyer.get(&format!("/invoices/{company}")).await.expect(200).text();
    assert!(page.contains("株式会社 藍染 経理部 御中") && page.contains("東京都台東区1-2-3"), "{page}");
    let page = buyer.get(&format!("/invoices/{person}")).await.expect(200).text();
    assert!(page.contains("藍 花子 様") && !page.contains("御中"), "{page}");
    let plain = buyer.get(&format!("/invoices/{company}.pdf")).await.expect(200);
    assert_eq!(plain.header("content-type"), "application/pdf");

    // What goes back is addressed as the invoice was.
    fixture.request_refund(payments[1], RefundExtent::Amount(Yen(200))).await.unwrap();
    fixture.app.drain().await;
    fixture.deliver(&fixture.stripe.events()).await;
    fixture.app.drain().await;
    let list = buyer.get("/api/invoices").await.expect(200).json();
    let note = list["items"].as_array().unwrap().iter().find(|item| item["kind"] == "credit_note").unwrap();
    assert_eq!((&note["buyerName"], &note["buyerDepartment"]), (&json!("株式会社 藍染"), &json!("経理部")));
}

#[tokio::test]
async fn what_cannot_stand_on_a_paper_is_refused_with_its_field() {
    let fixture = Fixture::with_stripe().await;
    let buyer = &fixture.buyer.client;
    for (field, text) in [
        ("name", "a\u{0}b".to_owned()),
        ("name", "a\u{202E}b".to_owned()),
        ("name", "x".repeat(101)),
        ("department", "二行\nある".to_owned()),
        ("address", "あ".repeat(201)),
        ("kind", "both".to_owned()),
    ] {
        let mut body = json!({"kind": "company", "name": "株式会社藍染"});
        body[field] = json!(text);
        let refused = put(buyer, &body).await.expect_problem(422, "invalid_input");
        assert!(refused.text().contains(field), "{field}: {}", refused.text());
    }
    fixture.app.anonymous().get(ADDRESSEE).await.expect_problem(401, "unauthorized");
    // The form keeps what was typed, and says what is wrong with it.
    let member = fixture.buyer.client.clone().as_browser();
    let long = "x".repeat(101);
    let again =
        member.post_form("/invoices/addressee", &[("kind", "person"), ("name", long.as_str())]).await.expect(422);
    assert!(again.text().contains(&long) && again.text().contains("field__error"), "{}", again.text());
    let saved = member.post_form("/invoices/addressee", &[("kind", "person"), ("name", "藍 花子")]).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, "/invoices/addressee"));
    assert!(member.get("/invoices/addressee").await.expect(200).text().contains("藍 花子"));
    // Nobody else's.
    assert_eq!(fixture.seller.client.get(ADDRESSEE).await.expect(200).json(), json!({"addressee": null}));
}
