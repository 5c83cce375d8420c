//! The life of a payment for credits, in figures.

use kernel::{PaymentId, RefundId, Yen};

use super::record::{CreditRefund, recognise, record_receipt, record_refund};
use crate::accounts::model::ProviderName;
use crate::balances;
use crate::error::LedgerError;
use crate::test_fixture::LedgerFixture;

async fn balance(fixture: &LedgerFixture, kind: &str) -> Yen {
    let mut tx = fixture.begin().await;
    let kinds = balances::of_platform(&mut tx).await.unwrap();
    kinds.iter().find(|balance| balance.kind == kind).map_or(Yen::ZERO, |balance| balance.debit)
}

#[tokio::test]
async fn what_was_paid_is_owed_then_earned_or_given_back() {
    let fixture = LedgerFixture::open().await;
    let provider = ProviderName::from("sandbox");
    let payment_id: PaymentId = fixture.ctx.new_id();
    for expect_new in [true, false] {
        let mut tx = fixture.begin().await;
        let posted = record_receipt(&fixture.ctx, &mut tx, payment_id, &provider, Yen(5_000)).await.unwrap();
        assert_eq!(posted.is_new, expect_new, "a receipt is posted once");
        let posted = recognise(&fixture.ctx, &mut tx, "lot:1", Some(payment_id), Yen(1_200)).await.unwrap();
        assert_eq!(posted.is_new, expect_new, "what was consumed is earned once");
        tx.commit().await.unwrap();
    }
    assert_eq!(balance(&fixture, "deferred_credits").await, Yen(-3_800));
    assert_eq!(balance(&fixture, "credit_revenue").await, Yen(-1_200));

    let refund =
        CreditRefund { refund_id: fixture.ctx.new_id::<RefundId>(), payment_id, unspent: Yen(3_800), spent: Yen(200) };
    let mut tx = fixture.begin().await;
    record_refund(&fixture.ctx, &mut tx, &provider, &refund).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(balance(&fixture, "deferred_credits").await, Yen(0));
    assert_eq!(balance(&fixture, "credit_revenue").await, Yen(-1_000));
    assert_eq!(balance(&fixture, "provider_clearing").await, Yen(1_000));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn an_earning_with_another_amount_or_below_zero_is_refused() {
    let fixture = LedgerFixture::open().await;
    let mut tx = fixture.begin().await;
    recognise(&fixture.ctx, &mut tx, "lot:1", None, Yen(10)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.begin().await;
    let refused = recognise(&fixture.ctx, &mut tx, "lot:1", None, Yen(11)).await.unwrap_err();
    assert!(matches!(refused, LedgerError::KeyReused), "{refused}");
    let mut tx = fixture.begin().await;
    let refused = recognise(&fixture.ctx, &mut tx, "lot:2", None, Yen(-1)).await.unwrap_err();
    assert!(matches!(refused, LedgerError::Malformed), "{refused}");
    let refused = recognise(&fixture.ctx, &mut tx, "lot:2", None, Yen(0)).await.unwrap_err();
    assert!(matches!(refused, LedgerError::Empty), "{refused}");
}
