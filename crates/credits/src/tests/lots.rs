//! Grants, what is taken back, what is earned.

use kernel::{ImageCredits, Tokens, Yen};
use ledger::deferred::{CreditRefund, record_refund};
use ledger::{ProviderName, balances};
use time::Duration;

use super::fixture::{Fixture, images, tokens_of};
use crate::CreditError;
use crate::holds::Actual;
use crate::lots::{LotSource, NewLot, Withdrawal, end_plan_lots, grant, take_back, withdraw};
use crate::prices::Price;

async fn owed(fixture: &Fixture) -> Yen {
    let mut tx = fixture.begin().await;
    let kinds = balances::of_platform(&mut tx).await.unwrap();
    -kinds.iter().find(|kind| kind.kind == "deferred_credits").map_or(Yen::ZERO, |kind| kind.debit)
}

#[tokio::test]
async fn a_key_grants_once_and_another_body_is_refused() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let lot = fixture.lot(user, images(50), "plan_grant:in_1");
    let first = fixture.grant(&lot).await;
    fixture.clock.advance(Duration::days(1));
    let later = NewLot { expires_at: Some(fixture.in_days(30)), ..lot.clone() };
    assert_eq!(fixture.grant(&later).await, first, "when it is delivered again does not matter");
    let others = [
        NewLot { amount: images(51), ..lot.clone() },
        NewLot { amount: tokens_of(50), ..lot.clone() },
        NewLot { source: LotSource::Refund, ..lot.clone() },
        NewLot { paid: Yen(1), ..lot.clone() },
        NewLot { user_id: fixture.person().await, ..lot.clone() },
    ];
    for other in others {
        let mut tx = fixture.begin().await;
        let refused = grant(&fixture.ctx, &mut tx, &other).await.unwrap_err();
        assert!(matches!(refused, CreditError::KeyReused), "{other:?}: {refused}");
    }
    for amount in [images(0), images(-1), tokens_of(200_000_000)] {
        let mut tx = fixture.begin().await;
        let refused = grant(&fixture.ctx, &mut tx, &fixture.lot(user, amount, "other")).await.unwrap_err();
        assert!(matches!(refused, CreditError::Malformed), "{amount:?}: {refused}");
    }
    let mut tx = fixture.begin().await;
    let nobody = fixture.lot(fixture.ctx.new_id(), images(1), "nobody");
    assert!(matches!(grant(&fixture.ctx, &mut tx, &nobody).await, Err(CreditError::NoWallet)));
    fixture.assert_sound().await;
}

#[tokio::test]
async fn a_pack_given_back_leaves_what_is_held_and_every_yen_is_earned_or_returned() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = Price { image_credits: ImageCredits(0), ..fixture.price().await };
    fixture.buy(user, 50_000, 5_000, "pack").await;
    for key in ["spent", "held", "failed"] {
        fixture.hold(user, key, &price).await.unwrap();
    }
    fixture.capture("spent", Actual::AsHeld).await.unwrap();
    assert_eq!(fixture.recognise().await, Yen(20), "201 of 50,000 tokens of 5,000 yen");
    assert_eq!(owed(&fixture).await, Yen(4_980));

    let mut tx = fixture.begin().await;
    let taken = take_back(&fixture.ctx, &mut tx, "pack", "refund").await.unwrap();
    assert_eq!((taken.amount, taken.yen_unspent, taken.is_new), (tokens_of(49_397), Yen(4_940), true));
    let provider = ProviderName::from("sandbox");
    let payment: uuid::Uuid =
        sqlx::query_scalar("select payment_id from public.credit_lots where business_key = 'pack'")
            .fetch_one(tx.conn())
            .await
            .unwrap();
    let refund = CreditRefund {
        refund_id: fixture.ctx.new_id(),
        payment_id: payment.into(),
        unspent: taken.yen_unspent,
        spent: Yen::ZERO,
    };
    record_refund(&fixture.ctx, &mut tx, &provider, &refund).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.begin().await;
    let again = take_back(&fixture.ctx, &mut tx, "pack", "refund").await.unwrap();
    assert_eq!((again.amount, again.yen_unspent, again.is_new), (taken.amount, taken.yen_unspent, false));
    assert!(matches!(take_back(&fixture.ctx, &mut tx, "none", "x").await, Err(CreditError::NoLot)));
    drop(tx);

    assert_eq!(fixture.balance(user).await.tokens, Tokens(0));
    fixture.capture("held", Actual::AsHeld).await.unwrap();
    fixture.release("failed").await;
    assert_eq!(fixture.balance(user).await.tokens, Tokens::whole(201), "what failed can be spent again");
    fixture.hold(user, "again", &price).await.unwrap();
    fixture.capture("again", Actual::AsHeld).await.unwrap();
    fixture.recognise().await;
    assert_eq!(owed(&fixture).await, Yen(0));
    fixture.assert_sound().await;
}

#[tokio::test]
async fn what_expires_unspent_is_earned() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    fixture.buy(user, 50_000, 5_000, "pack").await;
    assert_eq!(fixture.recognise().await, Yen(0));
    fixture.clock.advance(Duration::days(181));
    assert_eq!(fixture.pass("credits_expire_due").await, 1);
    assert_eq!((fixture.recognise().await, fixture.recognise().await), (Yen(5_000), Yen(0)));
    assert_eq!(owed(&fixture).await, Yen(0));
    fixture.assert_sound().await;
}

#[tokio::test]
async fn an_operator_takes_no_more_than_there_is() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    fixture.grant(&NewLot { expires_at: Some(fixture.in_days(3)), ..fixture.lot(user, images(2), "soon") }).await;
    let taken = |amount, key: &str| Withdrawal {
        user_id: user,
        amount,
        business_key: key.to_owned(),
        detail: serde_json::json!({"reason": "too many"}),
    };
    let mut tx = fixture.begin().await;
    assert!(matches!(withdraw(&fixture.ctx, &mut tx, &taken(images(6), "a")).await, Err(CreditError::TooLittle)));
    for _ in 0..2 {
        withdraw(&fixture.ctx, &mut tx, &taken(images(4), "a")).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(fixture.balance(user).await.image_credits, ImageCredits(1));
    for (amount, key) in [(images(3), "a"), (images(0), "b"), (images(-1), "c")] {
        let mut tx = fixture.begin().await;
        let refused = withdraw(&fixture.ctx, &mut tx, &taken(amount, key)).await.unwrap_err();
        assert!(matches!(refused, CreditError::KeyReused | CreditError::Malformed), "{key}: {refused}");
    }
    fixture.assert_sound().await;
}

#[tokio::test]
async fn image_credits_of_the_last_period_end_with_it() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    fixture.grant(&fixture.lot(user, images(50), "plan_grant:in_1")).await;
    fixture.grant(&fixture.lot(user, tokens_of(50), "plan_grant:in_1:tokens")).await;
    fixture.hold(user, "g", &fixture.price().await).await.unwrap();
    fixture.grant(&fixture.lot(user, images(50), "plan_grant:in_2")).await;
    for ended in [1, 0] {
        let mut tx = fixture.begin().await;
        assert_eq!(end_plan_lots(&fixture.ctx, &mut tx, user, "plan_grant:in_2").await.unwrap(), ended);
        tx.commit().await.unwrap();
    }
    let left = fixture.balance(user).await;
    // The three of the beginning and this period's; which lot the hold is of depends on the order of their ids alone.
    assert_eq!(left.tokens, Tokens::whole(50), "tokens are not touched");
    assert_eq!(
        left.image_credits.get() + left.image_credits_held.get(),
        if left.image_credits.get() == 53 { 54 } else { 53 }
    );
    fixture.assert_sound().await;
}
