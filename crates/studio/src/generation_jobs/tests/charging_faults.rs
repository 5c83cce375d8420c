use std::time::Duration as StdDuration;

use credits::Amount;
use credits::lots::{self, LotSource, NewLot};
use kernel::{ImageCredits, Yen};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use testkit::TestUser;
use testkit::ai_doubles::{GeminiAnswer, WireError};
use time::Duration;

use crate::tests::{Fixture, GENERATE, request_body, text};

/// What credits do by themselves every minute.
async fn credits_upkeep(fixture: &Fixture) {
    let now = fixture.app.ctx().now();
    fixture
        .app
        .execute(&format!("select app.credits_release_due('{now}', 100); select app.credits_expire_due('{now}', 100);"))
        .await;
}

async fn ask_as(user: &TestUser, detail: &str) -> Value {
    user.client.post(GENERATE, &request_body(detail)).await.expect(202).json()
}

#[tokio::test]
async fn a_worker_killed_between_hold_and_capture_is_replaced_and_the_picture_is_paid_once() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    let asked = ask_as(&ren, "killed").await;
    fixture.gemini.take(StdDuration::from_millis(400));
    let worker = fixture.app.worker();
    assert!(tokio::time::timeout(StdDuration::from_millis(200), worker.drain()).await.is_err());
    assert_eq!(fixture.image_credits(&ren).await, (2, 1, 0), "held across the death");
    fixture.gemini.take(StdDuration::ZERO);
    fixture.app.advance(Duration::minutes(2));
    credits_upkeep(&fixture).await;
    fixture.app.upkeep().await;
    assert_eq!(fixture.image_credits(&ren).await, (2, 0, 1));
    let made = ren.client.get(&format!("/api/generations/{}", text(&asked["id"]))).await.expect(200).json();
    assert_eq!((&made["status"], &made["creditsUsed"]), (&json!("completed"), &json!(1)));
}

#[tokio::test]
async fn a_worker_that_dies_as_it_records_has_charged_nothing_yet() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    ask_as(&ren, "killed late").await;
    fixture
        .app
        .execute(
            "create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
             create trigger ai_jobs_fail before update on public.ai_jobs for each row
               when (new.status = 'completed') execute function public.fail();",
        )
        .await;
    fixture.app.drain().await;
    assert_eq!(fixture.image_credits(&ren).await, (2, 1, 0), "the charge is undone with the picture");
    fixture.app.execute("drop trigger ai_jobs_fail on public.ai_jobs").await;
    fixture.app.advance(Duration::minutes(2));
    fixture.app.drain().await;
    assert_eq!(fixture.image_credits(&ren).await, (2, 0, 1));
}

#[tokio::test]
async fn what_is_held_comes_back_when_nobody_will_make_it() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    // Its job is lost, and every worker that takes the other one dies.
    ask_as(&ren, "orphan").await;
    fixture.app.execute("delete from public.jobs where name = 'studio.generate_image'").await;
    ask_as(&ren, "cursed").await;
    assert_eq!(fixture.image_credits(&ren).await, (1, 2, 0));
    fixture.gemini.take(StdDuration::from_millis(400));
    for _ in 0..4 {
        let worker = fixture.app.worker();
        assert!(tokio::time::timeout(StdDuration::from_millis(150), worker.drain()).await.is_err());
        fixture.app.advance(Duration::minutes(2));
        fixture.app.worker().upkeep().await;
    }
    fixture.gemini.take(StdDuration::ZERO);
    fixture.app.upkeep().await;
    assert_eq!(fixture.image_credits(&ren).await, (3, 0, 0));
}

#[tokio::test]
async fn an_installation_that_stood_still_for_days_gives_back_and_makes_nothing_unpaid() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    let asked = ask_as(&ren, "before the holidays").await;
    fixture.app.advance(Duration::hours(47));
    credits_upkeep(&fixture).await;
    assert_eq!(fixture.image_credits(&ren).await, (2, 1, 0), "a late picture is still made");
    fixture.app.advance(Duration::hours(2));
    credits_upkeep(&fixture).await;
    assert_eq!(fixture.image_credits(&ren).await, (3, 0, 0));
    fixture.app.drain().await;
    let made = ren.client.get(&format!("/api/generations/{}", text(&asked["id"]))).await.expect(200).json();
    assert_eq!((&made["status"], &made["error"]), (&json!("failed"), &json!("generation_interrupted")));
    assert_eq!((fixture.gemini.pictures_made(), fixture.image_credits(&ren).await), (0, (3, 0, 0)));
    ask_as(&ren, "before the holidays").await;
    fixture.app.drain().await;
    assert_eq!(fixture.image_credits(&ren).await, (2, 0, 1), "it can be asked for again");
}

#[tokio::test]
async fn a_clock_that_jumps_while_the_picture_is_made_never_charges_what_was_given_back() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    let asked = ask_as(&ren, "jump").await;
    fixture.gemini.take(StdDuration::from_millis(400));
    let worker = fixture.app.worker();
    let jump = async {
        tokio::time::sleep(StdDuration::from_millis(150)).await;
        fixture.app.advance(Duration::days(3));
        credits_upkeep(&fixture).await;
    };
    let (drained, ()) = tokio::join!(worker.drain(), jump);
    drained.unwrap();
    let made = ren.client.get(&format!("/api/generations/{}", text(&asked["id"]))).await.expect(200).json();
    assert_eq!((&made["status"], &made["creditsUsed"]), (&json!("completed"), &json!(0)), "{made}");
    assert_eq!(fixture.image_credits(&ren).await, (3, 0, 0));
    // Back again: nothing is due twice, and what is asked for is made.
    fixture.app.clock.set(testkit::BEGINNING);
    fixture.gemini.take(StdDuration::ZERO);
    ask_as(&ren, "after the jump").await;
    fixture.app.drain().await;
    assert_eq!(fixture.image_credits(&ren).await, (2, 0, 1));
}

/// Somebody whose credits last for an hour.
async fn person_with_an_hour(fixture: &Fixture, name: &str, image_credits: i64) -> TestUser {
    let user = fixture.app.user(name).await;
    fixture.app.impoverish(&user).await;
    let ctx = fixture.app.ctx();
    let lot = NewLot {
        user_id: user.id,
        amount: Amount::Images(ImageCredits(image_credits)),
        source: LotSource::PlanGrant,
        business_key: format!("plan_grant:{}", user.id),
        paid: Yen::ZERO,
        payment_id: None,
        expires_at: Some(ctx.now() + Duration::hours(1)),
        detail: json!({}),
    };
    let mut tx = fixture.app.tx().await;
    lots::grant(&ctx, &mut tx, &lot).await.unwrap();
    tx.commit().await.unwrap();
    user
}

#[tokio::test]
async fn credits_that_expire_while_they_are_held_still_pay_and_are_not_returned() {
    let fixture = Fixture::new().await;
    let ren = person_with_an_hour(&fixture, "蓮", 3).await;
    ask_as(&ren, "paid in time").await;
    fixture.app.advance(Duration::hours(2));
    credits_upkeep(&fixture).await;
    assert_eq!(fixture.image_credits(&ren).await, (0, 1, 0), "what was not held is gone");
    ren.client.post(GENERATE, &request_body("too late")).await.expect_problem(402, "insufficient_credits");
    fixture.app.drain().await;
    assert_eq!(fixture.image_credits(&ren).await, (0, 0, 1));

    let yui = person_with_an_hour(&fixture, "結", 1).await;
    fixture.gemini.answer_next([GeminiAnswer::Blocked("SAFETY")]);
    ask_as(&yui, "refused").await;
    fixture.app.advance(Duration::hours(2));
    fixture.app.drain().await;
    assert_eq!(fixture.image_credits(&yui).await, (0, 0, 0), "what is given back after its end is over");
}

/// What can happen to somebody who makes pictures.
#[derive(Clone, Debug)]
enum Step {
    Ask { detail: u8, again: bool },
    Cancel { which: usize },
    Work,
    KillWorker,
    Upkeep { minutes: i64 },
    ForgetJobs,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..6_u8, any::<bool>()).prop_map(|(detail, again)| Step::Ask { detail, again }),
        2 => (0..8_usize).prop_map(|which| Step::Cancel { which }),
        4 => Just(Step::Work),
        1 => Just(Step::KillWorker),
        2 => (1..90_i64).prop_map(|minutes| Step::Upkeep { minutes }),
        1 => Just(Step::ForgetJobs),
    ]
}

fn any_answer() -> impl Strategy<Value = GeminiAnswer> {
    prop_oneof![
        4 => Just(GeminiAnswer::Picture(testkit::ai_doubles::PictureFile::Png)),
        1 => Just(GeminiAnswer::Blocked("SAFETY")),
        1 => Just(GeminiAnswer::Finish("STOP")),
        1 => Just(GeminiAnswer::TruncatedBase64),
        1 => Just(GeminiAnswer::Unavailable),
        1 => Just(GeminiAnswer::DailyQuota),
        1 => Just(GeminiAnswer::Wire(WireError::NotJson)),
    ]
}

async fn take(fixture: &Fixture, user: &TestUser, asked: &mut Vec<String>, step: &Step) {
    match *step {
        Step::Ask { detail, again } => {
            let mut body = request_body(&format!("chance {detail}"));
            body["again"] = json!(again);
            let answer = user.client.post(GENERATE, &body).await;
            assert!([200, 202, 402, 409].contains(&answer.status.as_u16()), "{}", answer.text());
            asked.extend(answer.json()["jobId"].as_str().map(str::to_owned));
        }
        Step::Cancel { which } => {
            if let Some(job) = asked.get(which) {
                let answer = user.client.delete(&format!("/api/jobs/{job}")).await;
                assert!([200, 409].contains(&answer.status.as_u16()), "{}", answer.text());
            }
        }
        Step::Work => drop(fixture.app.drain().await),
        Step::KillWorker => {
            let worker = fixture.app.worker();
            drop(tokio::time::timeout(StdDuration::from_millis(60), worker.drain()).await);
        }
        Step::Upkeep { minutes } => {
            fixture.app.advance(Duration::minutes(minutes));
            credits_upkeep(fixture).await;
            fixture.app.worker().upkeep().await;
        }
        Step::ForgetJobs => fixture.app.execute("delete from public.jobs where name = 'studio.generate_image'").await,
    }
}

#[tokio::test]
async fn whatever_happens_nothing_stays_held_and_only_pictures_are_paid() {
    let fixture = Fixture::new().await;
    let mut runner = TestRunner::default();
    let lives = (prop::collection::vec(any_step(), 12..30), prop::collection::vec(any_answer(), 10..30));
    for _ in 0..6 {
        let (steps, answers) = lives.new_tree(&mut runner).unwrap().current();
        let user = fixture.app.user("運").await;
        fixture.app.give_credits(&user, 2, 120_000).await;
        fixture.gemini.answer_next(answers);
        let mut asked = Vec::new();
        for step in &steps {
            take(&fixture, &user, &mut asked, step).await;
        }
        for _ in 0..8 {
            fixture.app.advance(Duration::hours(7));
            fixture.app.upkeep().await;
        }
        let (images, tokens) = (fixture.image_credits(&user).await, fixture.tokens(&user).await);
        assert_eq!((images.1, tokens.1), (0, 0), "held for ever after {steps:?}");
        let paid: Vec<i64> = fixture
            .app
            .value(&format!(
                "select array[coalesce(sum(credits_used), 0), coalesce(sum(tokens_used_milli), 0),
                   count(*) filter (where status = 'completed' and credits_used = 0 and tokens_used_milli = 0),
                   count(*) filter (where status <> 'completed' and credits_used + tokens_used_milli > 0),
                   count(*) filter (where status in ('queued', 'processing'))]::bigint[]
                 from public.generations where user_id = '{}'",
                user.id
            ))
            .await;
        assert_eq!(paid, [images.2, tokens.2, 0, 0, 0], "after {steps:?}");
    }
}
