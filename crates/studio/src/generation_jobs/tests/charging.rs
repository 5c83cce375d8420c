use credits::plans::{DunningState, PlanCode, set_plan};
use credits::prices::{self, NewPrice, Operation};
use kernel::{ImageCredits, Tokens};
use serde_json::json;
use testkit::TestUser;
use testkit::ai_doubles::GeminiAnswer;
use time::Duration;

use crate::generation_jobs::submit::submit_unmetered;
use crate::tests::{Fixture, GENERATE, request_body, text};

/// The model that the fixture asks, and what a picture of it costs in thousandths of tokens.
const MODEL: &str = "gemini-nano-banana-2.1";
const PICTURE_MILLI: i64 = 50_400;

/// An operator sets what a picture of a model costs.
async fn set_price(fixture: &Fixture, model: &str, image_credits: i64, tokens: i64) {
    let price = NewPrice {
        operation: Operation::Generate,
        provider: "gemini".to_owned(),
        model: model.to_owned(),
        image_credits: ImageCredits(image_credits),
        tokens: Tokens::whole(tokens),
    };
    let mut tx = fixture.app.tx().await;
    prices::set(&fixture.app.ctx(), &mut tx, &price).await.unwrap();
    tx.commit().await.unwrap();
}

/// The id of the price that a page shows now.
async fn shown_price(fixture: &Fixture, model: &str) -> String {
    let mut tx = fixture.app.tx().await;
    prices::quote(&mut tx, Operation::Generate, "gemini", model).await.unwrap().id.to_string()
}

/// Somebody with nothing but what is given here.
async fn person_with(fixture: &Fixture, image_credits: i64, tokens_milli: i64) -> TestUser {
    let ren = fixture.app.user("蓮").await;
    fixture.app.impoverish(&ren).await;
    fixture.app.give_credits(&ren, image_credits, tokens_milli).await;
    ren
}

async fn ask_as(fixture: &Fixture, user: &TestUser, detail: &str) -> testkit::Answer {
    let answer = user.client.post(GENERATE, &request_body(detail)).await;
    fixture.app.drain().await;
    answer
}

#[tokio::test]
async fn a_picture_is_held_when_asked_for_and_paid_when_it_is_there() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    assert_eq!(fixture.image_credits(&ren).await, (3, 0, 0), "a new account has three");
    let asked = ren.client.post(GENERATE, &request_body("silk")).await.expect(202).json();
    assert_eq!(fixture.image_credits(&ren).await, (2, 1, 0));
    fixture.app.drain().await;
    assert_eq!(fixture.image_credits(&ren).await, (2, 0, 1));
    let path = format!("/api/generations/{}", text(&asked["id"]));
    let made = ren.client.get(&path).await.expect(200).json();
    assert_eq!((&made["creditsUsed"], &made["tokensUsed"]), (&json!(1), &json!(0)));

    let cached = ren.client.post(GENERATE, &request_body("silk")).await.expect(200).json();
    assert_eq!((&cached["id"], &cached["cached"]), (&asked["id"], &json!(true)));
    assert_eq!(fixture.image_credits(&ren).await, (2, 0, 1), "what was made before costs nothing");

    let joining = request_body("wool");
    let same = futures::future::join_all((0..8).map(|_| ren.client.post(GENERATE, &joining))).await;
    assert!(same.into_iter().all(|answer| answer.status == 202));
    assert_eq!(fixture.image_credits(&ren).await, (1, 1, 1), "joining one that is being made costs nothing");
    fixture.app.drain().await;

    let mut another = request_body("silk");
    another["again"] = json!(true);
    ren.client.post(GENERATE, &another).await.expect(202);
    assert_eq!(fixture.image_credits(&ren).await, (0, 1, 2), "another one is another one");
    fixture.app.drain().await;
    let refused = ren.client.post(GENERATE, &request_body("felt")).await;
    let refused = refused.expect_problem(402, "insufficient_credits").json();
    assert_eq!(refused["needed"], json!({"imageCredits": 1, "tokens": 50.4}));
    assert_eq!(refused["available"], json!({"imageCredits": 0, "tokens": 0}));
    assert_eq!(refused["plansUrl"], "/plans");
    assert_eq!(fixture.app.value::<i64>("select count(*) from generations").await, 3, "nothing is left of it");
    assert_eq!(
        fixture.app.value::<i64>("select count(*) from jobs where state = 'queued' and name like 'studio.%'").await,
        0
    );
}

#[tokio::test]
async fn two_hundred_at_once_on_a_balance_for_three_are_exactly_three() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    let bodies: Vec<_> = (0..200).map(|number| request_body(&format!("coat {number}"))).collect();
    // Whoever is told that the database is too busy asks again, as a client would.
    let press = async |body: &serde_json::Value| loop {
        let answer = ren.client.post(GENERATE, body).await;
        if answer.status != 503 {
            return answer;
        }
    };
    let answers = futures::future::join_all(bodies.iter().map(press)).await;
    let mut counts = [0, 0];
    for answer in answers {
        match answer.status.as_u16() {
            202 => counts[0] += 1,
            _ => {
                answer.expect_problem(402, "insufficient_credits");
                counts[1] += 1;
            }
        }
    }
    assert_eq!(counts, [3, 197]);
    assert_eq!(fixture.image_credits(&ren).await, (0, 3, 0));
    fixture.app.drain().await;
    assert_eq!(fixture.image_credits(&ren).await, (0, 0, 3));
    assert_eq!(fixture.gemini.pictures_made(), 3);
    assert_eq!(fixture.app.value::<i64>("select count(*) from generations").await, 3);
}

#[tokio::test]
async fn tokens_pay_where_no_image_credit_is_left_at_what_the_provider_takes() {
    let fixture = Fixture::new().await;
    let ren = person_with(&fixture, 1, 500_000).await;
    ask_as(&fixture, &ren, "first").await.expect(202);
    assert_eq!((fixture.image_credits(&ren).await, fixture.tokens(&ren).await), ((0, 0, 1), (500_000, 0, 0)));
    let asked = ask_as(&fixture, &ren, "second").await.expect(202).json();
    assert_eq!(fixture.tokens(&ren).await, (500_000 - PICTURE_MILLI, 0, PICTURE_MILLI));
    let made = ren.client.get(&format!("/api/generations/{}", text(&asked["id"]))).await.expect(200).json();
    assert_eq!((&made["creditsUsed"], &made["tokensUsed"]), (&json!(0), &json!(50.4)));

    // The platform asks for more than the provider does: the difference is held and goes back.
    set_price(&fixture, MODEL, 1, 300).await;
    ren.client.post(GENERATE, &request_body("third")).await.expect(202);
    assert_eq!(fixture.tokens(&ren).await.1, 300_000);
    fixture.app.drain().await;
    assert_eq!(fixture.tokens(&ren).await, (500_000 - 2 * PICTURE_MILLI, 0, 2 * PICTURE_MILLI));
    // It asks for less: never more than what is held.
    set_price(&fixture, MODEL, 1, 20).await;
    ask_as(&fixture, &ren, "fourth").await.expect(202);
    assert_eq!(fixture.tokens(&ren).await.2, 2 * PICTURE_MILLI + 20_000);
}

#[tokio::test]
async fn what_does_not_come_to_be_is_free() {
    let fixture = Fixture::new().await;
    let ren = person_with(&fixture, 1, 0).await;
    let failures = [
        (GeminiAnswer::Blocked("SAFETY"), "refused"),
        (GeminiAnswer::Finish("IMAGE_SAFETY"), "refused"),
        (GeminiAnswer::TruncatedBase64, "failed"),
        (GeminiAnswer::DailyQuota, "failed"),
        (GeminiAnswer::InvalidArgument, "failed"),
    ];
    for (number, (answer, status)) in failures.into_iter().enumerate() {
        fixture.gemini.answer_next([answer]);
        let asked = ask_as(&fixture, &ren, &format!("failure {number}")).await.expect(202).json();
        let path = format!("/api/generations/{}", text(&asked["id"]));
        let made = ren.client.get(&path).await.expect(200).json();
        assert_eq!((&made["status"], &made["creditsUsed"]), (&json!(status), &json!(0)), "{made}");
        assert_eq!(fixture.image_credits(&ren).await, (1, 0, 0), "{number}");
    }
    let asked = ren.client.post(GENERATE, &request_body("never mind")).await.expect(202).json();
    assert_eq!(fixture.image_credits(&ren).await, (0, 1, 0));
    ren.client.delete(&format!("/api/jobs/{}", text(&asked["jobId"]))).await.expect(200);
    assert_eq!(fixture.image_credits(&ren).await, (1, 0, 0));
    let reasons: String = fixture
        .app
        .value("select string_agg(release_reason, ' ' order by release_reason) from public.credit_holds")
        .await;
    assert_eq!(reasons, "cancelled failed failed failed refused refused");
}

#[tokio::test]
async fn the_price_that_was_shown_holds_for_an_hour_after_it_changed() {
    let fixture = Fixture::new().await;
    let ren = person_with(&fixture, 9, 0).await;
    let shown = shown_price(&fixture, MODEL).await;
    let pressed = |detail: &str| {
        let mut body = request_body(detail);
        body["priceId"] = json!(shown);
        body
    };
    fixture.app.advance(Duration::days(2));
    set_price(&fixture, MODEL, 2, 600).await;
    fixture.app.advance(Duration::minutes(59));
    ren.client.post(GENERATE, &pressed("in time")).await.expect(202);
    assert_eq!(fixture.image_credits(&ren).await.1, 1, "the price that was shown");
    ren.client.post(GENERATE, &request_body("without a price")).await.expect(202);
    assert_eq!(fixture.image_credits(&ren).await.1, 3, "the price of now");

    fixture.app.advance(Duration::minutes(2));
    let late = ren.client.post(GENERATE, &pressed("too late")).await.expect_problem(409, "price_changed");
    let late = late.json();
    assert_eq!(late["price"], json!({"imageCredits": 2, "tokens": 600}));
    assert_eq!(text(&late["priceId"]), shown_price(&fixture, MODEL).await);
    assert_eq!(fixture.image_credits(&ren).await.1, 3);
    let joined = ren.client.post(GENERATE, &pressed("in time")).await.expect(202).json();
    assert_eq!(joined["status"], "queued", "what costs nothing needs no price");

    for (wrong, code) in [(json!("yen"), "unknown_value"), (json!(3), "wrong_type")] {
        let mut body = request_body("odd");
        body["priceId"] = wrong;
        let odd = ren.client.post(GENERATE, &body).await.expect_problem(422, "invalid_input").json();
        assert_eq!(
            (&odd["fields"][0]["field"], &odd["fields"][0]["error"]),
            (&json!("priceId"), &json!(code)),
            "{odd}"
        );
    }
    let other = shown_price(&fixture, "gemini-3-pro-image").await;
    let mut body = request_body("another model's price");
    body["priceId"] = json!(other);
    ren.client.post(GENERATE, &body).await.expect_problem(409, "price_changed");
}

#[tokio::test]
async fn an_unpaid_plan_makes_nothing_and_the_program_pays_for_its_own() {
    let fixture = Fixture::new().await;
    let ctx = fixture.app.ctx();
    let mut tx = fixture.app.tx().await;
    let dunning = DunningState::ReadOnly { until: ctx.now() + Duration::days(14) };
    set_plan(&ctx, &mut tx, fixture.hana.id, &PlanCode::free(), dunning).await.unwrap();
    tx.commit().await.unwrap();
    fixture.ask(&request_body("unpaid")).await.expect_problem(402, "plan_read_only");

    let ren = person_with(&fixture, 0, 0).await;
    let request = crate::wardrobe::read_request(&request_body("for the shop window")).unwrap();
    submit_unmetered(&fixture.studio, &ren.ctx, ren.ctx.user().unwrap(), &request).await.unwrap();
    fixture.app.drain().await;
    assert_eq!(fixture.app.value::<String>("select status || credits_used from generations").await, "completed0");
    assert_eq!(fixture.app.value::<i64>("select count(*) from credit_holds").await, 0);
}
