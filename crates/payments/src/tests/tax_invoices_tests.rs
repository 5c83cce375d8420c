//! Papers for the buyer's books, from the payment to the file.

use kernel::{PaymentId, UserId, Yen};
use time::Date;
use time::macros::{date, offset};

use super::fixture::Fixture;
use crate::error::PaymentError;
use crate::payment::queries::{Arrived, insert_arrived};
use crate::purpose::Purpose;
use crate::refunds::model::RefundExtent;
use crate::tax_invoices;
use crate::tax_invoices::ids::TaxInvoiceId;
use crate::tax_invoices::issuer::Issuer;
use crate::tax_invoices::model::{InvoiceLine, IssuedFor, NewCreditNote, NewTaxInvoice, TaxRate};

const NUMBER: &str = "T7000012050002";
const REGISTERED: [(&str, &str); 3] = [
    ("MACHIYA_OPERATOR_NAME", "株式会社まちや"),
    ("MACHIYA_OPERATOR_ADDRESS", "京都市中京区1-2-3"),
    ("MACHIYA_OPERATOR_REGISTRATION_NUMBER", NUMBER),
];

impl Fixture {
    async fn invoice_of(&self, payment_id: PaymentId, amounts: &[i64]) -> Result<TaxInvoiceId, PaymentError> {
        self.issue_by(&Issuer::of(&self.app.state.config), payment_id, amounts).await
    }

    async fn issue_by(
        &self,
        issuer: &Issuer,
        payment_id: PaymentId,
        amounts: &[i64],
    ) -> Result<TaxInvoiceId, PaymentError> {
        self.issue_for(self.buyer.id, issuer, payment_id, amounts).await
    }

    async fn issue_for(
        &self,
        buyer_id: UserId,
        issuer: &Issuer,
        payment_id: PaymentId,
        amounts: &[i64],
    ) -> Result<TaxInvoiceId, PaymentError> {
        let line = |amount: &i64| InvoiceLine {
            description: "プロプラン（1か月）".to_owned(),
            quantity: 1,
            amount_with_tax: Yen(*amount),
            rate: TaxRate::Standard10,
        };
        let new = NewTaxInvoice {
            payment_id,
            buyer_id,
            issued_for: IssuedFor::CreditPack,
            lines: amounts.iter().map(line).collect(),
            transaction_date: self.today(),
        };
        let mut tx = self.app.tx().await;
        let id = tax_invoices::issue(&self.app.ctx(), &mut tx, issuer, &new).await?;
        tx.commit().await?;
        Ok(id)
    }

    fn today(&self) -> Date {
        self.app.ctx().now().to_offset(offset!(+9)).date()
    }

    /// Payments that were captured, without an order behind them.
    pub(super) async fn captured(&self, count: usize, amount: i64) -> Vec<PaymentId> {
        self.captured_of(self.buyer.id, count, amount).await
    }

    async fn captured_of(&self, buyer_id: UserId, count: usize, amount: i64) -> Vec<PaymentId> {
        let mut ids = Vec::new();
        for _ in 0..count {
            let ctx = self.app.ctx();
            let id: PaymentId = ctx.new_id();
            let mut tx = self.app.tx().await;
            let arrived = Arrived {
                id,
                purpose: Purpose::CreditPack,
                reference_id: id.uuid(),
                buyer_id: Some(buyer_id),
                amount: Yen(amount),
                description: "x",
                home_url: "x",
                captured_at: ctx.now(),
            };
            assert!(insert_arrived(&ctx, &mut tx, &arrived).await.unwrap());
            tx.commit().await.unwrap();
            ids.push(id);
        }
        ids
    }

    async fn serials(&self) -> String {
        self.app
            .value("select coalesce(string_agg(serial::text, ' ' order by serial), '') from public.tax_invoices")
            .await
    }
}

#[tokio::test]
async fn numbers_follow_one_another_however_many_are_issued_at_once() {
    let fixture = Fixture::open("stripe", &REGISTERED).await;
    let payments = fixture.captured(20, 1_100).await;
    // Every payment twice at the same moment.
    let once = futures::future::join_all(payments.iter().map(|payment| fixture.invoice_of(*payment, &[1_100])));
    let again = futures::future::join_all(payments.iter().map(|payment| fixture.invoice_of(*payment, &[600, 500])));
    let (once, again) = tokio::join!(once, again);
    let ids = |all: Vec<Result<TaxInvoiceId, PaymentError>>| all.into_iter().map(Result::unwrap).collect::<Vec<_>>();
    assert_eq!(ids(once), ids(again));
    let expected: Vec<String> = (1..=20).map(|serial: u32| serial.to_string()).collect();
    assert_eq!(fixture.serials().await, expected.join(" "));
    let last: i32 = fixture.app.value("select last from public.tax_invoice_counters").await;
    assert_eq!(last, 20);
    assert_eq!(fixture.app.value::<String>("select min(number) from public.tax_invoices").await, "2026-000001");
    // A transaction that is rolled back gives its number back.
    let more = fixture.captured(2, 1_100).await;
    let mut tx = fixture.app.tx().await;
    let new = NewTaxInvoice {
        payment_id: more[0],
        buyer_id: fixture.buyer.id,
        issued_for: IssuedFor::CreditPack,
        lines: vec![InvoiceLine {
            description: "チャージ".to_owned(),
            quantity: 1,
            amount_with_tax: Yen(1_100),
            rate: TaxRate::Standard10,
        }],
        transaction_date: date!(2026 - 11 - 21),
    };
    let issuer = Issuer::of(&fixture.app.state.config);
    tax_invoices::issue(&fixture.app.ctx(), &mut tx, &issuer, &new).await.unwrap();
    drop(tx);
    fixture.invoice_of(more[1], &[1_100]).await.unwrap();
    assert!(fixture.serials().await.ends_with("20 21"));
    let verified = fixture.findings().await;
    assert!(!verified.contains(&"tax_invoice_numbers_have_a_gap".to_owned()), "{verified:?}");
}

#[tokio::test]
async fn what_does_not_fit_the_payment_is_refused() {
    let fixture = Fixture::open("stripe", &REGISTERED).await;
    let payment = fixture.captured(1, 1_000).await[0];
    for wrong in [&[999][..], &[], &[1_001, -2]] {
        let refused = fixture.invoice_of(payment, wrong).await;
        assert!(matches!(refused, Err(PaymentError::InvalidRequest("lines"))), "{refused:?}");
    }
    let unknown = fixture.invoice_of(PaymentId(fixture.app.ctx().random().uuid_v4()), &[1_000]).await;
    assert!(matches!(unknown, Err(PaymentError::NotFound)), "{unknown:?}");
    let (_, unpaid) = fixture.order().await;
    let early = fixture.invoice_of(unpaid, &[1_200]).await;
    assert!(matches!(early, Err(PaymentError::NotCaptured)), "{early:?}");
    assert_eq!(fixture.serials().await, "");
    // What counts against the rest is a line like any other.
    fixture.invoice_of(payment, &[1_500, -500]).await.unwrap();
}

#[tokio::test]
async fn a_paper_is_its_buyers_and_stays_as_it_was_issued() {
    let fixture = Fixture::open("stripe", &REGISTERED).await;
    let payment = fixture.captured(1, 315).await[0];
    let id = fixture.invoice_of(payment, &[105, 105, 105]).await.unwrap();
    let (page, api) = (format!("/invoices/{id}"), format!("/api/invoices/{id}"));
    let buyer = &fixture.buyer.client;
    let before = buyer.get(&api).await.expect(200).json();
    assert_eq!((before["total"].as_i64(), before["tax"].as_i64()), (Some(315), Some(28)));
    assert_eq!((before["registrationNumber"].as_str(), before["qualified"].as_bool()), (Some(NUMBER), Some(true)));
    // The issuer moves installation, the buyer marries: the document is as it was, and asking again gives the same one.
    let moved = Issuer { name: "別の会社".to_owned(), address: None, registration_number: None };
    assert_eq!(fixture.issue_by(&moved, payment, &[315]).await.unwrap(), id);
    fixture
        .app
        .execute(&format!("update user_profiles set display_name = '改名' where user_id = '{}'", fixture.buyer.id))
        .await;
    assert_eq!(buyer.get(&api).await.expect(200).json(), before);
    let shown = buyer.get(&page).await.expect(200).text();
    for words in [NUMBER, "株式会社まちや", "京都市中京区1-2-3", "健", "適格請求書", "¥315", "¥28", "10%"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let listed = buyer.get("/api/invoices").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert!(buyer.get("/invoices").await.expect(200).text().contains("2026-000001"));
    // Nobody else's business.
    for address in [page.clone(), api.clone(), format!("{page}.pdf")] {
        fixture.seller.client.get(&address).await.expect(404);
        fixture.app.anonymous().get(&address).await.expect(401);
    }
    buyer.get("/invoices/nothing").await.expect(404);
    assert_eq!(fixture.seller.client.get("/api/invoices").await.json()["items"].as_array().unwrap().len(), 0);
    // Not even the platform, or the owner of the tables, changes it.
    let mut tx = fixture.app.tx().await;
    for statement in ["update public.tax_invoices set total_jpy = 1", "delete from public.tax_invoices"] {
        assert!(sqlx::query(statement).execute(tx.conn()).await.is_err(), "{statement}");
        tx = fixture.app.tx().await;
    }
}

#[tokio::test]
async fn money_that_goes_back_has_its_own_paper() {
    let fixture = Fixture::open("stripe", &REGISTERED).await;
    let (_, payment, _) = fixture.paid_order().await;
    let invoice = fixture.invoice_of(payment, &[1_200]).await.unwrap();
    fixture.advance(time::Duration::seconds(1));
    fixture.request_refund(payment, RefundExtent::Amount(Yen(500))).await.unwrap();
    fixture.app.drain().await;
    fixture.deliver(&fixture.stripe.events()).await;
    fixture.app.drain().await;
    let documents = fixture.buyer.client.get("/api/invoices").await.expect(200).json();
    let note = &documents["items"][0];
    assert_eq!(documents["items"].as_array().unwrap().len(), 2, "one, however often the refund is told of");
    assert_eq!(
        (note["kind"].as_str(), note["total"].as_i64(), note["tax"].as_i64()),
        (Some("credit_note"), Some(500), Some(45))
    );
    assert_eq!((note["number"].as_str(), note["originalNumber"].as_str()), (Some("2026-000002"), Some("2026-000001")));
    let shown =
        fixture.buyer.client.get(&format!("/invoices/{}", note["id"].as_str().unwrap())).await.expect(200).text();
    for words in ["適格返還請求書", "2026-000001", NUMBER, "¥500", "¥45"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    // No more is taken back than was invoiced.
    let mut tx = fixture.app.tx().await;
    let too_much = NewCreditNote {
        refund_id: kernel::RefundId(fixture.app.ctx().random().uuid_v4()),
        payment_id: payment,
        amount: Yen(701),
        transaction_date: fixture.today(),
    };
    let refused = tax_invoices::credit(&fixture.app.ctx(), &mut tx, &too_much).await;
    assert!(matches!(refused, Err(PaymentError::RefundExceeds)), "{refused:?}");
    assert_eq!(tax_invoices::of_payment(&mut tx, payment).await.unwrap(), Some(invoice));
}

#[tokio::test]
async fn the_file_says_what_the_page_says_in_the_readers_language() {
    let fixture = Fixture::open("stripe", &REGISTERED).await;
    let payment = fixture.captured(1, 9_800).await[0];
    let id = fixture.invoice_of(payment, &[9_800]).await.unwrap();
    let file = fixture.buyer.client.get(&format!("/invoices/{id}.pdf")).await.expect(200);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"2026-000001.pdf\"");
    if let Some(folder) = std::env::var_os("MACHIYA_PAPERS") {
        std::fs::write(std::path::Path::new(&folder).join("ja.pdf"), &file.bytes).unwrap();
    }
    let has = |bytes: &[u8], words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
    assert!(file.bytes.starts_with(b"%PDF-"));
    assert!(has(&file.bytes, NUMBER), "the registration number");
    assert!(has(&file.bytes, "BIZUDPGothic"), "the font is inside");
    assert!(file.bytes.len() < 100_000, "and only the characters that are used: {} bytes", file.bytes.len());
    let again = fixture.buyer.client.get(&format!("/invoices/{id}.pdf")).await.expect(200);
    assert_eq!(again.bytes, file.bytes, "the same document is the same file");
    // The same in English for who reads it.
    let reader = fixture.app.english_user("Anna").await;
    let theirs = fixture.captured_of(reader.id, 1, 9_800).await[0];
    let id = fixture.issue_for(reader.id, &Issuer::of(&fixture.app.state.config), theirs, &[9_800]).await.unwrap();
    let page = reader.client.get(&format!("/invoices/{id}")).await.expect(200).text();
    for words in ["Qualified invoice", "To Anna", "Registration number T7000012050002", "¥890"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let english = reader.client.get(&format!("/invoices/{id}.pdf")).await.expect(200);
    assert!(has(&english.bytes, NUMBER) && has(&english.bytes, "Qualified invoice"), "the title is in English");
    if let Some(folder) = std::env::var_os("MACHIYA_PAPERS") {
        std::fs::write(std::path::Path::new(&folder).join("en.pdf"), &english.bytes).unwrap();
    }
}

#[tokio::test]
async fn an_installation_without_a_registration_number_claims_nothing() {
    let fixture = Fixture::open("stripe", &REGISTERED[..2]).await;
    let payment = fixture.captured(1, 9_800).await[0];
    let id = fixture.invoice_of(payment, &[9_800]).await.unwrap();
    let shown = fixture.buyer.client.get(&format!("/invoices/{id}")).await.expect(200).text();
    assert!(shown.contains("領収書") && !shown.contains("適格") && !shown.contains("登録番号"), "{shown}");
    let document = fixture.buyer.client.get(&format!("/api/invoices/{id}")).await.expect(200).json();
    assert_eq!((document["qualified"].as_bool(), document["registrationNumber"].as_str()), (Some(false), None));
    let file = fixture.buyer.client.get(&format!("/invoices/{id}.pdf")).await.expect(200);
    assert!(file.bytes.starts_with(b"%PDF-"));
}
