//! Many at once.

use std::time::Duration;

use futures::future::join_all;
use kernel::{ImageCredits, Tokens};

use super::fixture::{Fixture, images, tokens_of};
use crate::CreditError;
use crate::holds::Actual;
use crate::lots::{self, NewLot, Withdrawal};
use crate::plans::{DunningState, PlanCode, set_plan};
use crate::prices::Price;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_holds_on_a_balance_for_three_exactly_three_win() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = fixture.price().await;
    let keys: Vec<String> = (0..200).map(|number| format!("g{number}")).collect();
    let answers = join_all(keys.iter().map(|key| fixture.hold(user, key, &price))).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    let refused = answers.iter().filter(|answer| matches!(answer, Err(CreditError::Insufficient { .. }))).count();
    assert_eq!((won, refused), (3, 197));
    let left = fixture.balance(user).await;
    assert_eq!((left.image_credits, left.image_credits_held), (ImageCredits(0), ImageCredits(3)));
    fixture.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hold_asked_for_fifty_times_at_once_is_one_hold() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = fixture.price().await;
    let answers = join_all((0..50).map(|_| fixture.hold(user, "g", &price))).await;
    let ids: std::collections::BTreeSet<_> = answers.iter().map(|answer| answer.as_ref().unwrap().id).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.as_ref().unwrap().is_new).count(), 1);
    assert_eq!(fixture.balance(user).await.image_credits, ImageCredits(2));
    fixture.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn captures_and_releases_of_one_hold_at_once_have_one_effect() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = Price { image_credits: ImageCredits(0), ..fixture.price().await };
    fixture.grant(&fixture.lot(user, tokens_of(10_000), "tokens")).await;
    for round in 0..10 {
        let key = format!("g{round}");
        fixture.hold(user, &key, &price).await.unwrap();
        let before = fixture.balance(user).await;
        let captures = join_all((0..8).map(|_| fixture.capture(&key, Actual::Tokens(Tokens::whole(200)))));
        let (captured, _) = tokio::join!(captures, async {
            if round % 2 == 0 {
                fixture.release(&key).await;
            }
        });
        let new = captured.iter().filter(|answer| matches!(answer, Ok(captured) if captured.is_new)).count();
        let spent = before.tokens + before.tokens_held - fixture.balance(user).await.tokens;
        assert_eq!(spent, if new == 1 { Tokens::whole(200) } else { Tokens(0) }, "captured {new} times");
        assert!(new == 1 || (round % 2 == 0 && new == 0), "captured {new} times");
    }
    fixture.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_grant_delivered_fifty_times_at_once_is_one_lot() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let lot = fixture.lot(user, images(50), "plan_grant:in_1");
    join_all((0..50).map(|_| fixture.grant(&lot))).await;
    assert_eq!(fixture.balance(user).await.image_credits, ImageCredits(53));
    fixture.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everything_at_once_keeps_every_balance() {
    let fixture = Fixture::open().await;
    let people = join_all((0..4).map(|_| fixture.person())).await;
    let price = fixture.price().await;
    let work = (0..120).map(|number| {
        let (fixture, user, price) = (&fixture, people[number % people.len()], &price);
        async move {
            let key = format!("g{number}");
            match number % 6 {
                0 => {
                    let expires_at = Some(fixture.in_days(i64::try_from(number % 5).unwrap()));
                    fixture.grant(&NewLot { expires_at, ..fixture.lot(user, images(2), &key) }).await;
                }
                1 => {
                    fixture.pass("credits_expire_due").await;
                    fixture.pass("credits_release_due").await;
                }
                2 => {
                    let mut tx = fixture.begin().await;
                    let taken = Withdrawal {
                        user_id: user,
                        amount: images(1),
                        business_key: key,
                        detail: serde_json::json!({"reason": "test"}),
                    };
                    let _enough = lots::withdraw(&fixture.ctx, &mut tx, &taken).await;
                    tx.commit().await.unwrap();
                }
                _ => {
                    if fixture.hold(user, &key, price).await.is_ok() {
                        if number % 2 == 0 {
                            fixture.release(&key).await;
                        } else {
                            fixture.capture(&key, Actual::AsHeld).await.unwrap();
                        }
                    }
                }
            }
        }
    });
    join_all(work).await;
    fixture.assert_sound().await;
}

/// Puts somebody on a plan and gives what it brings, in one transaction, as a paid invoice does.
async fn begin_plan(fixture: &Fixture, user: kernel::UserId, key: &str, think: Duration) -> Result<(), CreditError> {
    let mut tx = fixture.begin().await;
    set_plan(&fixture.ctx, &mut tx, user, &PlanCode("pro".to_owned()), DunningState::Active).await?;
    tokio::time::sleep(think).await;
    lots::grant(&fixture.ctx, &mut tx, &fixture.lot(user, images(1), key)).await?;
    tx.commit().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_plan_that_begins_and_a_capture_wait_for_each_other_in_one_order() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    fixture.hold(user, "g", &fixture.price().await).await.unwrap();
    // The capture comes while the plan is written and its gift is not.
    let capture = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        fixture.capture("g", Actual::AsHeld).await
    };
    let (begun, captured) = tokio::join!(begin_plan(&fixture, user, "gift", Duration::from_millis(500)), capture);
    begun.unwrap();
    captured.unwrap();
    fixture.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn money_that_is_earned_and_money_that_arrives_never_wait_in_a_circle() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let price = Price { image_credits: ImageCredits(0), ..fixture.price().await };
    for number in 0..24 {
        fixture.buy(user, 1_000, 100, &format!("pack{number}")).await;
    }
    let work = (0..160).map(|number| {
        let (fixture, price) = (&fixture, &price);
        async move {
            let key = format!("k{number}");
            match number % 5 {
                0 => begin_plan(fixture, user, &key, Duration::ZERO).await.unwrap(),
                1 => {
                    fixture.pass("credits_expire_due").await;
                    fixture.pass("credits_release_due").await;
                }
                2 => {
                    fixture
                        .grant(&NewLot {
                            expires_at: Some(fixture.in_days(i64::from(number % 2))),
                            ..fixture.lot(user, images(2), &key)
                        })
                        .await;
                }
                3 => {
                    fixture.recognise().await;
                }
                _ => {
                    fixture.hold(user, &key, price).await.unwrap();
                    fixture.capture(&key, Actual::AsHeld).await.unwrap();
                }
            }
        }
    });
    join_all(work).await;
    fixture.assert_sound().await;
    let locked = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(fixture.number(locked).await, 0);
}
