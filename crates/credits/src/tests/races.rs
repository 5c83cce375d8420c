//! Many at once.

use std::time::Duration;

use futures::future::join_all;
use kernel::{ImageCredits, Tokens};

use super::desk::{Desk, images, tokens_of};
use crate::CreditError;
use crate::holds::Actual;
use crate::lots::{self, NewLot, Withdrawal};
use crate::plans::{PlanCode, Standing, set_plan};
use crate::prices::Price;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_holds_on_a_balance_for_three_exactly_three_win() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = desk.price().await;
    let keys: Vec<String> = (0..200).map(|number| format!("g{number}")).collect();
    let answers = join_all(keys.iter().map(|key| desk.hold(user, key, &price))).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    let told = answers.iter().filter(|answer| matches!(answer, Err(CreditError::Insufficient { .. }))).count();
    assert_eq!((won, told), (3, 197));
    let left = desk.balance(user).await;
    assert_eq!((left.image_credits, left.image_credits_held), (ImageCredits(0), ImageCredits(3)));
    desk.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hold_asked_for_fifty_times_at_once_is_one_hold() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = desk.price().await;
    let answers = join_all((0..50).map(|_| desk.hold(user, "g", &price))).await;
    let ids: std::collections::BTreeSet<_> = answers.iter().map(|answer| answer.as_ref().unwrap().id).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.as_ref().unwrap().is_new).count(), 1);
    assert_eq!(desk.balance(user).await.image_credits, ImageCredits(2));
    desk.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn captures_and_releases_of_one_hold_at_once_have_one_effect() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = Price { image_credits: ImageCredits(0), ..desk.price().await };
    desk.grant(&desk.lot(user, tokens_of(10_000), "tokens")).await;
    for round in 0..10 {
        let key = format!("g{round}");
        desk.hold(user, &key, &price).await.unwrap();
        let before = desk.balance(user).await;
        let captures = join_all((0..8).map(|_| desk.capture(&key, Actual::Tokens(Tokens::whole(200)))));
        let (captured, _) = tokio::join!(captures, async {
            if round % 2 == 0 {
                desk.release(&key).await;
            }
        });
        let new = captured.iter().filter(|answer| matches!(answer, Ok(captured) if captured.is_new)).count();
        let spent = before.tokens + before.tokens_held - desk.balance(user).await.tokens;
        assert_eq!(spent, if new == 1 { Tokens::whole(200) } else { Tokens(0) }, "captured {new} times");
        assert!(new == 1 || (round % 2 == 0 && new == 0), "captured {new} times");
    }
    desk.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_grant_delivered_fifty_times_at_once_is_one_lot() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let lot = desk.lot(user, images(50), "plan_grant:in_1");
    join_all((0..50).map(|_| desk.grant(&lot))).await;
    assert_eq!(desk.balance(user).await.image_credits, ImageCredits(53));
    desk.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everything_at_once_keeps_every_balance() {
    let desk = Desk::open().await;
    let people = join_all((0..4).map(|_| desk.person())).await;
    let price = desk.price().await;
    let work = (0..120).map(|number| {
        let (desk, user, price) = (&desk, people[number % people.len()], &price);
        async move {
            let key = format!("g{number}");
            match number % 6 {
                0 => {
                    let expires_at = Some(desk.in_days(i64::try_from(number % 5).unwrap()));
                    desk.grant(&NewLot { expires_at, ..desk.lot(user, images(2), &key) }).await;
                }
                1 => {
                    desk.pass("credits_expire_due").await;
                    desk.pass("credits_release_due").await;
                }
                2 => {
                    let mut tx = desk.begin().await;
                    let taken = Withdrawal {
                        user_id: user,
                        amount: images(1),
                        business_key: key,
                        detail: serde_json::json!({"reason": "test"}),
                    };
                    let _enough = lots::withdraw(&desk.ctx, &mut tx, &taken).await;
                    tx.commit().await.unwrap();
                }
                _ => {
                    if desk.hold(user, &key, price).await.is_ok() {
                        if number % 2 == 0 {
                            desk.release(&key).await;
                        } else {
                            desk.capture(&key, Actual::AsHeld).await.unwrap();
                        }
                    }
                }
            }
        }
    });
    join_all(work).await;
    desk.assert_sound().await;
}

/// Puts somebody on a plan and gives what it brings, in one transaction, as a paid invoice does.
async fn begin_plan(desk: &Desk, user: kernel::UserId, key: &str, think: Duration) -> Result<(), CreditError> {
    let mut tx = desk.begin().await;
    set_plan(&desk.ctx, &mut tx, user, &PlanCode("pro".to_owned()), Standing::Active).await?;
    tokio::time::sleep(think).await;
    lots::grant(&desk.ctx, &mut tx, &desk.lot(user, images(1), key)).await?;
    tx.commit().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_plan_that_begins_and_a_capture_wait_for_each_other_in_one_order() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    desk.hold(user, "g", &desk.price().await).await.unwrap();
    // The capture comes while the plan is written and its gift is not.
    let capture = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        desk.capture("g", Actual::AsHeld).await
    };
    let (begun, captured) = tokio::join!(begin_plan(&desk, user, "gift", Duration::from_millis(500)), capture);
    begun.unwrap();
    captured.unwrap();
    desk.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn money_that_is_earned_and_money_that_arrives_never_wait_in_a_circle() {
    let desk = Desk::open().await;
    let user = desk.person().await;
    let price = Price { image_credits: ImageCredits(0), ..desk.price().await };
    for number in 0..24 {
        desk.buy(user, 1_000, 100, &format!("pack{number}")).await;
    }
    let work = (0..160).map(|number| {
        let (desk, price) = (&desk, &price);
        async move {
            let key = format!("k{number}");
            match number % 5 {
                0 => begin_plan(desk, user, &key, Duration::ZERO).await.unwrap(),
                1 => {
                    desk.pass("credits_expire_due").await;
                    desk.pass("credits_release_due").await;
                }
                2 => {
                    desk.grant(&NewLot {
                        expires_at: Some(desk.in_days(i64::from(number % 2))),
                        ..desk.lot(user, images(2), &key)
                    })
                    .await;
                }
                3 => {
                    desk.recognise().await;
                }
                _ => {
                    desk.hold(user, &key, price).await.unwrap();
                    desk.capture(&key, Actual::AsHeld).await.unwrap();
                }
            }
        }
    });
    join_all(work).await;
    desk.assert_sound().await;
    let locked = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(desk.number(locked).await, 0);
}
