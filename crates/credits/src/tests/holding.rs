//! Hold, capture, release, one at a time.

use kernel::{ImageCredits, Tokens};
use time::Duration;

use super::desk::{Desk, images, tokens_of};
use crate::CreditError;
use crate::holds::{Actual, HoldState};
use crate::lots::NewLot;
use crate::prices::Price;

#[tokio::test]
async fn an_account_begins_with_three_pictures_and_then_pays_with_tokens() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = desk.price().await;
    assert_eq!(desk.balance(user).await.image_credits, ImageCredits(3));
    for number in 0..3 {
        let hold = desk.hold(user, &format!("g{number}"), &price).await.unwrap();
        assert_eq!((hold.amount, hold.is_new), (images(1), true));
    }
    let refused = desk.hold(user, "g3", &price).await.unwrap_err();
    let CreditError::Insufficient { needed, available } = refused else { panic!("{refused}") };
    assert_eq!((needed, available.image_credits, available.tokens), (price, ImageCredits(0), Tokens(0)));

    desk.buy(user, 300, 30, "pack").await;
    assert_eq!(desk.hold(user, "g3", &price).await.unwrap().amount, tokens_of(201));
    assert!(matches!(desk.hold(user, "g4", &price).await, Err(CreditError::Insufficient { .. })));
    for number in 0..3 {
        desk.capture(&format!("g{number}"), Actual::AsHeld).await.unwrap();
    }
    desk.release("g3").await;
    let left = desk.balance(user).await;
    assert_eq!((left.tokens, left.tokens_held, left.image_credits), (Tokens::whole(300), Tokens(0), ImageCredits(0)));
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_capture_takes_what_the_work_cost_and_gives_the_rest_back() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = Price { image_credits: ImageCredits(0), ..desk.price().await };
    desk.buy(user, 1_000, 100, "pack").await;
    desk.hold(user, "g", &price).await.unwrap();
    let refused = desk.capture("g", Actual::Tokens(Tokens::whole(202))).await.unwrap_err();
    assert!(matches!(refused, CreditError::Exceeds), "{refused}");
    let refused = desk.capture("g", Actual::Tokens(Tokens(-1))).await.unwrap_err();
    assert!(matches!(refused, CreditError::Exceeds), "{refused}");

    for is_new in [true, false] {
        let captured = desk.capture("g", Actual::Tokens(Tokens(150_400))).await.unwrap();
        assert_eq!((captured.amount.get(), captured.is_new), (150_400, is_new));
    }
    let refused = desk.capture("g", Actual::AsHeld).await.unwrap_err();
    assert!(matches!(refused, CreditError::KeyReused), "captured once with another amount: {refused}");
    desk.release("g").await;
    let left = desk.balance(user).await;
    assert_eq!(
        (left.tokens, left.tokens_held),
        (Tokens(849_600), Tokens(0)),
        "a release after the capture changes nothing"
    );
    desk.assert_sound().await;
}

#[tokio::test]
async fn the_same_key_holds_once_and_another_body_is_refused() {
    let desk = Desk::open().await;
    let (user, other) = (desk.person().await, desk.person().await);
    let price = desk.price().await;
    let first = desk.hold(user, "g", &price).await.unwrap();
    let again = desk.hold(user, "g", &price).await.unwrap();
    assert_eq!((again.id, again.is_new, again.state), (first.id, false, HoldState::Held));
    let dearer = Price { tokens: Tokens::whole(500), ..price };
    for refused in [desk.hold(user, "g", &dearer).await, desk.hold(other, "g", &price).await] {
        assert!(matches!(refused, Err(CreditError::KeyReused)), "{refused:?}");
    }
    desk.capture("g", Actual::AsHeld).await.unwrap();
    assert_eq!(desk.hold(user, "g", &price).await.unwrap().state, HoldState::Captured);
    assert_eq!(desk.balance(user).await.image_credits, ImageCredits(2));
    assert_eq!(desk.balance(other).await.image_credits, ImageCredits(3));
}

#[tokio::test]
async fn nothing_is_captured_that_was_given_back_or_never_held() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    desk.hold(user, "g", &desk.price().await).await.unwrap();
    desk.release("g").await;
    desk.release("g").await;
    assert!(matches!(desk.capture("g", Actual::AsHeld).await, Err(CreditError::HoldReleased)));
    assert!(matches!(desk.capture("other", Actual::AsHeld).await, Err(CreditError::NoHold)));
    assert_eq!(desk.balance(user).await.image_credits, ImageCredits(3));
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_expires_first_is_spent_first_and_what_was_bought_last() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = Price { image_credits: ImageCredits(0), ..desk.price().await };
    let given = NewLot { expires_at: Some(desk.in_days(180)), ..desk.lot(user, tokens_of(100), "given") };
    let soon = NewLot { expires_at: Some(desk.in_days(1)), ..desk.lot(user, tokens_of(50), "soon") };
    desk.buy(user, 1_000, 100, "bought").await;
    desk.grant(&desk.lot(user, tokens_of(500), "for ever")).await;
    desk.grant(&given).await;
    desk.grant(&soon).await;
    desk.hold(user, "g", &price).await.unwrap();
    let order: String = {
        let mut tx = desk.begin().await;
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
async fn credits_that_expire_while_held_stay_good_and_expire_when_they_come_back() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = Price { image_credits: ImageCredits(0), ..desk.price().await };
    let soon =
        NewLot { expires_at: Some(desk.now() + Duration::minutes(30)), ..desk.lot(user, tokens_of(603), "soon") };
    desk.grant(&soon).await;
    for key in ["spent", "failed", "cheaper"] {
        desk.hold(user, key, &price).await.unwrap();
    }
    desk.clock.advance(Duration::minutes(31));
    // Whether the job has been there or not makes no difference to what is spent and what is lost.
    desk.capture("cheaper", Actual::Tokens(Tokens::whole(1))).await.unwrap();
    desk.assert_sound().await;
    assert_eq!(desk.pass("credits_expire_due").await, 1);
    desk.capture("spent", Actual::AsHeld).await.unwrap();
    desk.release("failed").await;
    assert!(matches!(desk.hold(user, "next", &price).await, Err(CreditError::Insufficient { .. })));
    desk.assert_sound().await;
    let lot = "select used || '/' || expired || '/' || available || '/' || held from public.credit_lots where business_key = 'soon'";
    let mut tx = desk.begin().await;
    let parts: String = sqlx::query_scalar(lot).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(parts, "202000/401000/0/0");
}

#[tokio::test]
async fn a_clock_that_jumps_forward_and_back_loses_nothing_twice() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = Price { image_credits: ImageCredits(0), ..desk.price().await };
    let lot = NewLot { expires_at: Some(desk.in_days(10)), ..desk.lot(user, tokens_of(1_000), "month") };
    desk.grant(&lot).await;
    desk.hold(user, "before", &price).await.unwrap();
    desk.clock.advance(Duration::days(11));
    assert!(matches!(desk.hold(user, "ahead", &price).await, Err(CreditError::Insufficient { .. })));
    desk.clock.advance(Duration::days(-12));
    // Nothing had ended it yet, so it is good again; its hold is older than this clock and closes all the same.
    desk.hold(user, "behind", &price).await.unwrap();
    desk.capture("before", Actual::AsHeld).await.unwrap();
    desk.clock.advance(Duration::days(12));
    assert_eq!(desk.pass("credits_expire_due").await, 1);
    desk.clock.advance(Duration::days(-12));
    // Once it has ended, no clock brings it back; what comes back from its hold is lost, once.
    assert!(matches!(desk.hold(user, "again", &price).await, Err(CreditError::Insufficient { .. })));
    desk.release("behind").await;
    assert_eq!(desk.pass("credits_expire_due").await, 0);
    assert_eq!(desk.balance(user).await.tokens, Tokens(0));
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_costs_nothing_is_held_without_credits() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let free = Price { image_credits: ImageCredits(0), tokens: Tokens(0), ..desk.price().await };
    assert_eq!(desk.hold(user, "free", &free).await.unwrap().amount, tokens_of(0));
    desk.capture("free", Actual::AsHeld).await.unwrap();
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_is_overdue_counts_no_more_from_its_very_moment_on() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = Price { image_credits: ImageCredits(0), ..desk.price().await };
    let ends_at = desk.now() + Duration::hours(1);
    desk.grant(&NewLot { expires_at: Some(ends_at), ..desk.lot(user, tokens_of(603), "soon") }).await;
    desk.clock.advance(Duration::hours(1) - Duration::microseconds(1));
    assert_eq!(desk.balance(user).await.tokens, Tokens::whole(603), "good to the last");
    desk.hold(user, "cheaper", &price).await.unwrap();
    desk.hold(user, "spent", &price).await.unwrap();

    desk.clock.advance(Duration::microseconds(1));
    let at_the_moment = desk.balance(user).await;
    assert_eq!(
        (at_the_moment.tokens, at_the_moment.tokens_held),
        (Tokens(0), Tokens::whole(402)),
        "before any job ran"
    );
    let mut own = desk.begin_as(user).await;
    let as_shown = crate::wallets::balance(&mut own, user, desk.now()).await.unwrap();
    assert_eq!(as_shown, at_the_moment, "the person's own page says the same");
    drop(own);
    let refused = desk.hold(user, "next", &price).await.unwrap_err();
    assert!(
        matches!(refused, CreditError::Insufficient { available, .. } if available.tokens == Tokens(0)),
        "{refused}"
    );
    desk.capture("cheaper", Actual::Tokens(Tokens::whole(1))).await.unwrap();
    desk.capture("spent", Actual::AsHeld).await.unwrap();
    assert_eq!(desk.balance(user).await.tokens, Tokens(0), "what came back of the hold has expired with its lot");
    desk.assert_sound().await;
    assert_eq!(desk.pass("credits_expire_due").await, 1);
    let left = desk.balance(user).await;
    assert_eq!((left.tokens, left.tokens_held), (Tokens(0), Tokens(0)));
    desk.assert_sound().await;
}
