//! Hold, capture, release, one at a time.

use kernel::{ImageCredits, Tokens};
use time::Duration;

use super::fixture::{Fixture, images, tokens_of};
use crate::CreditError;
use crate::holds::{Actual, HoldState};
use crate::lots::NewLot;
use crate::prices::Price;

#[tokio::test]
async fn an_account_begins_with_three_pictures_and_then_pays_with_tokens() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = fixture.price().await;
    assert_eq!(fixture.balance(user).await.image_credits, ImageCredits(3));
    for number in 0..3 {
        let hold = fixture.hold(user, &format!("g{number}"), &price).await.unwrap();
        assert_eq!((hold.amount, hold.is_new), (images(1), true));
    }
    let refused = fixture.hold(user, "g3", &price).await.unwrap_err();
    let CreditError::Insufficient { needed, available } = refused else { panic!("{refused}") };
    assert_eq!((needed, available.image_credits, available.tokens), (price, ImageCredits(0), Tokens(0)));

    fixture.buy(user, 300, 30, "pack").await;
    assert_eq!(fixture.hold(user, "g3", &price).await.unwrap().amount, tokens_of(201));
    assert!(matches!(fixture.hold(user, "g4", &price).await, Err(CreditError::Insufficient { .. })));
    for number in 0..3 {
        fixture.capture(&format!("g{number}"), Actual::AsHeld).await.unwrap();
    }
    fixture.release("g3").await;
    let left = fixture.balance(user).await;
    assert_eq!((left.tokens, left.tokens_held, left.image_credits), (Tokens::whole(300), Tokens(0), ImageCredits(0)));
    fixture.assert_sound().await;
}

#[tokio::test]
async fn a_capture_takes_what_the_work_cost_and_gives_the_rest_back() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = Price { image_credits: ImageCredits(0), ..fixture.price().await };
    fixture.buy(user, 1_000, 100, "pack").await;
    fixture.hold(user, "g", &price).await.unwrap();
    let refused = fixture.capture("g", Actual::Tokens(Tokens::whole(202))).await.unwrap_err();
    assert!(matches!(refused, CreditError::Exceeds), "{refused}");
    let refused = fixture.capture("g", Actual::Tokens(Tokens(-1))).await.unwrap_err();
    assert!(matches!(refused, CreditError::Exceeds), "{refused}");

    for is_new in [true, false] {
        let captured = fixture.capture("g", Actual::Tokens(Tokens(150_400))).await.unwrap();
        assert_eq!((captured.amount.get(), captured.is_new), (150_400, is_new));
    }
    let refused = fixture.capture("g", Actual::AsHeld).await.unwrap_err();
    assert!(matches!(refused, CreditError::KeyReused), "captured once with another amount: {refused}");
    fixture.release("g").await;
    let left = fixture.balance(user).await;
    assert_eq!(
        (left.tokens, left.tokens_held),
        (Tokens(849_600), Tokens(0)),
        "a release after the capture changes nothing"
    );
    fixture.assert_sound().await;
}

#[tokio::test]
async fn the_same_key_holds_once_and_another_body_is_refused() {
    let fixture = Fixture::open().await;
    let (user, other) = (fixture.person().await, fixture.person().await);
    let price = fixture.price().await;
    let first = fixture.hold(user, "g", &price).await.unwrap();
    let again = fixture.hold(user, "g", &price).await.unwrap();
    assert_eq!((again.id, again.is_new, again.state), (first.id, false, HoldState::Held));
    let dearer = Price { tokens: Tokens::whole(500), ..price };
    for refused in [fixture.hold(user, "g", &dearer).await, fixture.hold(other, "g", &price).await] {
        assert!(matches!(refused, Err(CreditError::KeyReused)), "{refused:?}");
    }
    fixture.capture("g", Actual::AsHeld).await.unwrap();
    assert_eq!(fixture.hold(user, "g", &price).await.unwrap().state, HoldState::Captured);
    assert_eq!(fixture.balance(user).await.image_credits, ImageCredits(2));
    assert_eq!(fixture.balance(other).await.image_credits, ImageCredits(3));
}

#[tokio::test]
async fn nothing_is_captured_that_was_given_back_or_never_held() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    fixture.hold(user, "g", &fixture.price().await).await.unwrap();
    fixture.release("g").await;
    fixture.release("g").await;
    assert!(matches!(fixture.capture("g", Actual::AsHeld).await, Err(CreditError::HoldReleased)));
    assert!(matches!(fixture.capture("other", Actual::AsHeld).await, Err(CreditError::NoHold)));
    assert_eq!(fixture.balance(user).await.image_credits, ImageCredits(3));
    fixture.assert_sound().await;
}

#[tokio::test]
async fn what_expires_first_is_spent_first_and_what_was_bought_last() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = Price { image_credits: ImageCredits(0), ..fixture.price().await };
    let given = NewLot { expires_at: Some(fixture.in_days(180)), ..fixture.lot(user, tokens_of(100), "given") };
    let soon = NewLot { expires_at: Some(fixture.in_days(1)), ..fixture.lot(user, tokens_of(50), "soon") };
    fixture.buy(user, 1_000, 100, "bought").await;
    fixture.grant(&fixture.lot(user, tokens_of(500), "for ever")).await;
    fixture.grant(&given).await;
    fixture.grant(&soon).await;
    fixture.hold(user, "g", &price).await.unwrap();
    let order: String = {
        let mut tx = fixture.begin().await;
        sqlx::query_scalar(
            "select string_agg(l.business_key || '=' || p.amount, ' ' order by p.position)
               from public.credit_hold_lots p join public.credit_lots l on l.id = p.lot_id",
        )
        .fetch_one(tx.conn())
        .await
        .unwrap()
    };
    assert_eq!(order, "soon=50000 given=100000 bought=51000");
}

#[tokio::test]
async fn credits_that_expire_while_held_stay_good_and_expire_on_release() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = Price { image_credits: ImageCredits(0), ..fixture.price().await };
    let soon =
        NewLot { expires_at: Some(fixture.now() + Duration::minutes(30)), ..fixture.lot(user, tokens_of(603), "soon") };
    fixture.grant(&soon).await;
    for key in ["spent", "failed", "cheaper"] {
        fixture.hold(user, key, &price).await.unwrap();
    }
    fixture.clock.advance(Duration::minutes(31));
    // Whether the job has been there or not makes no difference to what is spent and what is lost.
    fixture.capture("cheaper", Actual::Tokens(Tokens::whole(1))).await.unwrap();
    fixture.assert_sound().await;
    assert_eq!(fixture.pass("credits_expire_due").await, 1);
    fixture.capture("spent", Actual::AsHeld).await.unwrap();
    fixture.release("failed").await;
    assert!(matches!(fixture.hold(user, "next", &price).await, Err(CreditError::Insufficient { .. })));
    fixture.assert_sound().await;
    let lot = "select used || '/' || expired || '/' || available || '/' || held from public.credit_lots where business_key = 'soon'";
    let mut tx = fixture.begin().await;
    let parts: String = sqlx::query_scalar(lot).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(parts, "202000/401000/0/0");
}

#[tokio::test]
async fn a_clock_that_jumps_forward_and_back_loses_nothing_twice() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = Price { image_credits: ImageCredits(0), ..fixture.price().await };
    let lot = NewLot { expires_at: Some(fixture.in_days(10)), ..fixture.lot(user, tokens_of(1_000), "month") };
    fixture.grant(&lot).await;
    fixture.hold(user, "before", &price).await.unwrap();
    fixture.clock.advance(Duration::days(11));
    assert!(matches!(fixture.hold(user, "ahead", &price).await, Err(CreditError::Insufficient { .. })));
    fixture.clock.advance(Duration::days(-12));
    // Nothing had ended it yet, so it is good again; its hold is older than this clock and closes all the same.
    fixture.hold(user, "behind", &price).await.unwrap();
    fixture.capture("before", Actual::AsHeld).await.unwrap();
    fixture.clock.advance(Duration::days(12));
    assert_eq!(fixture.pass("credits_expire_due").await, 1);
    fixture.clock.advance(Duration::days(-12));
    // Once it has ended, no clock brings it back; what comes back from its hold is lost, once.
    assert!(matches!(fixture.hold(user, "again", &price).await, Err(CreditError::Insufficient { .. })));
    fixture.release("behind").await;
    assert_eq!(fixture.pass("credits_expire_due").await, 0);
    assert_eq!(fixture.balance(user).await.tokens, Tokens(0));
    fixture.assert_sound().await;
}

#[tokio::test]
async fn what_costs_nothing_is_held_without_credits() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let free = Price { image_credits: ImageCredits(0), tokens: Tokens(0), ..fixture.price().await };
    assert_eq!(fixture.hold(user, "free", &free).await.unwrap().amount, tokens_of(0));
    fixture.capture("free", Actual::AsHeld).await.unwrap();
    fixture.assert_sound().await;
}

#[tokio::test]
async fn what_is_overdue_counts_no_more_from_its_very_moment_on() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = Price { image_credits: ImageCredits(0), ..fixture.price().await };
    let ends_at = fixture.now() + Duration::hours(1);
    fixture.grant(&NewLot { expires_at: Some(ends_at), ..fixture.lot(user, tokens_of(603), "soon") }).await;
    fixture.clock.advance(Duration::hours(1) - Duration::microseconds(1));
    assert_eq!(fixture.balance(user).await.tokens, Tokens::whole(603), "good to the last");
    fixture.hold(user, "cheaper", &price).await.unwrap();
    fixture.hold(user, "spent", &price).await.unwrap();

    fixture.clock.advance(Duration::microseconds(1));
    let at_the_moment = fixture.balance(user).await;
    assert_eq!(
        (at_the_moment.tokens, at_the_moment.tokens_held),
        (Tokens(0), Tokens::whole(402)),
        "before any job ran"
    );
    let mut own = fixture.begin_as(user).await;
    let as_shown = crate::wallets::balance(&mut own, user, fixture.now()).await.unwrap();
    assert_eq!(as_shown, at_the_moment, "the person's own page says the same");
    drop(own);
    let refused = fixture.hold(user, "next", &price).await.unwrap_err();
    assert!(
        matches!(refused, CreditError::Insufficient { available, .. } if available.tokens == Tokens(0)),
        "{refused}"
    );
    fixture.capture("cheaper", Actual::Tokens(Tokens::whole(1))).await.unwrap();
    fixture.capture("spent", Actual::AsHeld).await.unwrap();
    assert_eq!(fixture.balance(user).await.tokens, Tokens(0), "what came back of the hold has expired with its lot");
    fixture.assert_sound().await;
    assert_eq!(fixture.pass("credits_expire_due").await, 1);
    let left = fixture.balance(user).await;
    assert_eq!((left.tokens, left.tokens_held), (Tokens(0), Tokens(0)));
    fixture.assert_sound().await;
}
