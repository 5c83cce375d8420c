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

use crate::tests::{Bench, text, wish};

/// What credits do by themselves every minute.
async fn credits_upkeep(bench: &Bench) {
    let now = bench.app.ctx().now();
    bench
        .app
        .execute(&format!("select app.credits_release_due('{now}', 100); select app.credits_expire_due('{now}', 100);"))
        .await;
}

async fn ask_as(user: &TestUser, detail: &str) -> Value {
    user.client.post("/api/nano/generate", &wish(detail)).await.expect(202).json()
}

#[tokio::test]
async fn a_worker_killed_between_hold_and_capture_is_replaced_and_the_picture_is_paid_once() {
    let bench = Bench::new().await;
    let ren = bench.app.user("蓮").await;
    let asked = ask_as(&ren, "killed").await;
    bench.gemini.take(StdDuration::from_millis(400));
    let worker = bench.app.worker();
    assert!(tokio::time::timeout(StdDuration::from_millis(200), worker.drain()).await.is_err());
    assert_eq!(bench.image_credits(&ren).await, (2, 1, 0), "held across the death");
    bench.gemini.take(StdDuration::ZERO);
    bench.app.advance(Duration::minutes(2));
    credits_upkeep(&bench).await;
    bench.app.upkeep().await;
    assert_eq!(bench.image_credits(&ren).await, (2, 0, 1));
    let made = ren.client.get(&format!("/api/generations/{}", text(&asked["id"]))).await.expect(200).json();
    assert_eq!((&made["status"], &made["creditsUsed"]), (&json!("completed"), &json!(1)));
}

#[tokio::test]
async fn a_worker_that_dies_as_it_records_has_charged_nothing_yet() {
    let bench = Bench::new().await;
    let ren = bench.app.user("蓮").await;
    ask_as(&ren, "killed late").await;
    bench
        .app
        .execute(
            "create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
             create trigger ai_jobs_fail before update on public.ai_jobs for each row
               when (new.status = 'completed') execute function public.fail();",
        )
        .await;
    bench.app.drain().await;
    assert_eq!(bench.image_credits(&ren).await, (2, 1, 0), "the charge is undone with the picture");
    bench.app.execute("drop trigger ai_jobs_fail on public.ai_jobs").await;
    bench.app.advance(Duration::minutes(2));
    bench.app.drain().await;
    assert_eq!(bench.image_credits(&ren).await, (2, 0, 1));
}

#[tokio::test]
async fn what_is_held_comes_back_when_nobody_will_make_it() {
    let bench = Bench::new().await;
    let ren = bench.app.user("蓮").await;
    // Its job is lost, and every worker that takes the other one dies.
    ask_as(&ren, "orphan").await;
    bench.app.execute("delete from public.jobs where name = 'studio.make_picture'").await;
    ask_as(&ren, "cursed").await;
    assert_eq!(bench.image_credits(&ren).await, (1, 2, 0));
    bench.gemini.take(StdDuration::from_millis(400));
    for _ in 0..4 {
        let worker = bench.app.worker();
        assert!(tokio::time::timeout(StdDuration::from_millis(150), worker.drain()).await.is_err());
        bench.app.advance(Duration::minutes(2));
        bench.app.worker().upkeep().await;
    }
    bench.gemini.take(StdDuration::ZERO);
    bench.app.upkeep().await;
    assert_eq!(bench.image_credits(&ren).await, (3, 0, 0));
}

#[tokio::test]
async fn an_installation_that_stood_still_for_days_gives_back_and_makes_nothing_unpaid() {
    let bench = Bench::new().await;
    let ren = bench.app.user("蓮").await;
    let asked = ask_as(&ren, "before the holidays").await;
    bench.app.advance(Duration::hours(47));
    credits_upkeep(&bench).await;
    assert_eq!(bench.image_credits(&ren).await, (2, 1, 0), "a late picture is still made");
    bench.app.advance(Duration::hours(2));
    credits_upkeep(&bench).await;
    assert_eq!(bench.image_credits(&ren).await, (3, 0, 0));
    bench.app.drain().await;
    let made = ren.client.get(&format!("/api/generations/{}", text(&asked["id"]))).await.expect(200).json();
    assert_eq!((&made["status"], &made["error"]), (&json!("failed"), &json!("making_interrupted")));
    assert_eq!((bench.gemini.pictures_made(), bench.image_credits(&ren).await), (0, (3, 0, 0)));
    ask_as(&ren, "before the holidays").await;
    bench.app.drain().await;
    assert_eq!(bench.image_credits(&ren).await, (2, 0, 1), "it can be asked for again");
}

#[tokio::test]
async fn a_clock_that_jumps_while_the_picture_is_made_never_charges_what_was_given_back() {
    let bench = Bench::new().await;
    let ren = bench.app.user("蓮").await;
    let asked = ask_as(&ren, "jump").await;
    bench.gemini.take(StdDuration::from_millis(400));
    let worker = bench.app.worker();
    let jump = async {
        tokio::time::sleep(StdDuration::from_millis(150)).await;
        bench.app.advance(Duration::days(3));
        credits_upkeep(&bench).await;
    };
    let (drained, ()) = tokio::join!(worker.drain(), jump);
    drained.unwrap();
    let made = ren.client.get(&format!("/api/generations/{}", text(&asked["id"]))).await.expect(200).json();
    assert_eq!((&made["status"], &made["creditsUsed"]), (&json!("completed"), &json!(0)), "{made}");
    assert_eq!(bench.image_credits(&ren).await, (3, 0, 0));
    // Back again: nothing is due twice, and what is asked for is made.
    bench.app.clock.set(testkit::BEGINNING);
    bench.gemini.take(StdDuration::ZERO);
    ask_as(&ren, "after the jump").await;
    bench.app.drain().await;
    assert_eq!(bench.image_credits(&ren).await, (2, 0, 1));
}

/// Somebody whose credits last for an hour.
async fn person_with_an_hour(bench: &Bench, name: &str, image_credits: i64) -> TestUser {
    let user = bench.app.user(name).await;
    bench.app.impoverish(&user).await;
    let ctx = bench.app.ctx();
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
    let mut tx = bench.app.tx().await;
    lots::grant(&ctx, &mut tx, &lot).await.unwrap();
    tx.commit().await.unwrap();
    user
}

#[tokio::test]
async fn credits_that_expire_while_they_are_held_still_pay_and_do_not_come_back() {
    let bench = Bench::new().await;
    let ren = person_with_an_hour(&bench, "蓮", 3).await;
    ask_as(&ren, "paid in time").await;
    bench.app.advance(Duration::hours(2));
    credits_upkeep(&bench).await;
    assert_eq!(bench.image_credits(&ren).await, (0, 1, 0), "what was not held is gone");
    ren.client.post("/api/nano/generate", &wish("too late")).await.expect_problem(402, "insufficient_credits");
    bench.app.drain().await;
    assert_eq!(bench.image_credits(&ren).await, (0, 0, 1));

    let yui = person_with_an_hour(&bench, "結", 1).await;
    bench.gemini.answer_next([GeminiAnswer::Blocked("SAFETY")]);
    ask_as(&yui, "refused").await;
    bench.app.advance(Duration::hours(2));
    bench.app.drain().await;
    assert_eq!(bench.image_credits(&yui).await, (0, 0, 0), "what is given back after its end is over");
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

async fn take(bench: &Bench, user: &TestUser, asked: &mut Vec<String>, step: &Step) {
    match *step {
        Step::Ask { detail, again } => {
            let mut wish = wish(&format!("chance {detail}"));
            wish["again"] = json!(again);
            let answer = user.client.post("/api/nano/generate", &wish).await;
            assert!([200, 202, 402, 409].contains(&answer.status.as_u16()), "{}", answer.text());
            asked.extend(answer.json()["jobId"].as_str().map(str::to_owned));
        }
        Step::Cancel { which } => {
            if let Some(job) = asked.get(which) {
                let answer = user.client.delete(&format!("/api/jobs/{job}")).await;
                assert!([200, 409].contains(&answer.status.as_u16()), "{}", answer.text());
            }
        }
        Step::Work => drop(bench.app.drain().await),
        Step::KillWorker => {
            let worker = bench.app.worker();
            drop(tokio::time::timeout(StdDuration::from_millis(60), worker.drain()).await);
        }
        Step::Upkeep { minutes } => {
            bench.app.advance(Duration::minutes(minutes));
            credits_upkeep(bench).await;
            bench.app.worker().upkeep().await;
        }
        Step::ForgetJobs => bench.app.execute("delete from public.jobs where name = 'studio.make_picture'").await,
    }
}

#[tokio::test]
async fn whatever_happens_nothing_stays_held_and_only_pictures_are_paid() {
    let bench = Bench::new().await;
    let mut runner = TestRunner::default();
    let lives = (prop::collection::vec(any_step(), 12..30), prop::collection::vec(any_answer(), 10..30));
    for _ in 0..6 {
        let (steps, answers) = lives.new_tree(&mut runner).unwrap().current();
        let user = bench.app.user("運").await;
        bench.app.give_credits(&user, 2, 120_000).await;
        bench.gemini.answer_next(answers);
        let mut asked = Vec::new();
        for step in &steps {
            take(&bench, &user, &mut asked, step).await;
        }
        for _ in 0..8 {
            bench.app.advance(Duration::hours(7));
            bench.app.upkeep().await;
        }
        let (images, tokens) = (bench.image_credits(&user).await, bench.tokens(&user).await);
        assert_eq!((images.1, tokens.1), (0, 0), "held for ever after {steps:?}");
        let paid: Vec<i64> = bench
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
