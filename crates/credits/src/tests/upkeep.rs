//! The jobs, as the program runs them.

use axum::Router;
use kernel::{GenerationId, ImageCredits, Tokens, UserId, Yen};
use testkit::TestApp;
use time::Duration;

use crate::holds::{self, Actual, NewHold};
use crate::lots::{self, LotSource, NewLot};
use crate::plans::{self, DunningState};
use crate::prices::{self, Operation};
use crate::{Amount, PlanCode};

async fn start() -> TestApp {
    TestApp::start(|_| (Router::new(), crate::register_jobs())).await
}

async fn give(app: &TestApp, user_id: UserId, amount: Amount, key: &str, days: i64) {
    let lot = NewLot {
        user_id,
        amount,
        source: LotSource::PlanGrant,
        business_key: key.to_owned(),
        paid: Yen::ZERO,
        payment_id: None,
        expires_at: Some(app.ctx().now() + Duration::days(days)),
        detail: serde_json::json!({}),
    };
    let mut tx = app.tx().await;
    lots::grant(&app.ctx(), &mut tx, &lot).await.unwrap();
    tx.commit().await.unwrap();
}

async fn make(app: &TestApp, user_id: UserId, key: &str, capture: bool) {
    let (ctx, mut tx) = (app.ctx(), app.tx().await);
    let price = prices::quote(&mut tx, Operation::Generate, "sketch", "studio-illustrator-1").await.unwrap();
    let hold = NewHold {
        user_id,
        business_key: key.to_owned(),
        operation: Operation::Generate,
        price: &price,
        generation_id: Some(ctx.new_id::<GenerationId>()),
        expires_at: ctx.now() + Duration::minutes(20),
    };
    holds::hold(&ctx, &mut tx, &hold).await.unwrap();
    if capture {
        holds::capture(&ctx, &mut tx, key, Actual::AsHeld).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn assert_sound(app: &TestApp) {
    assert_eq!(crate::verify(&mut app.tx().await).await.unwrap(), []);
}

#[tokio::test]
async fn lots_expire_and_forgotten_holds_are_released_by_themselves() {
    let app = start().await;
    let hana = app.user("花").await;
    for number in 0..120 {
        give(&app, hana.id, Amount::Images(ImageCredits(1)), &format!("lot{number}"), 3).await;
    }
    make(&app, hana.id, "died", false).await;
    app.advance(Duration::minutes(21));
    app.upkeep().await;
    app.drain().await;
    let mut tx = app.tx().await;
    let mine = crate::wallets::balance(&mut tx, hana.id, app.ctx().now()).await.unwrap();
    assert_eq!((mine.image_credits, mine.image_credits_held), (ImageCredits(123), ImageCredits(0)));
    drop(tx);
    app.advance(Duration::days(3));
    app.upkeep().await;
    app.drain().await;
    let mut tx = app.tx().await;
    assert_eq!(
        crate::wallets::balance(&mut tx, hana.id, app.ctx().now()).await.unwrap().image_credits,
        ImageCredits(3)
    );
    drop(tx);
    assert_sound(&app).await;
}

#[tokio::test]
async fn a_person_is_told_once_a_month_that_little_is_left() {
    let app = start().await;
    let hana = app.user("花").await;
    make(&app, hana.id, "free", true).await;
    app.drain().await;
    assert_eq!(app.value::<i64>("select count(*) from mails").await, 0, "whoever never paid is not nagged");

    let mut tx = app.tx().await;
    plans::set_plan(&app.ctx(), &mut tx, hana.id, &PlanCode::from("starter"), DunningState::Active).await.unwrap();
    tx.commit().await.unwrap();
    give(&app, hana.id, Amount::Images(ImageCredits(4)), "starter", 31).await;
    make(&app, hana.id, "g0", true).await;
    app.drain().await;
    assert_eq!(app.value::<i64>("select count(*) from mails").await, 0, "five are left");
    for key in ["g1", "g2"] {
        make(&app, hana.id, key, true).await;
        app.drain().await;
    }
    assert_eq!(app.value::<i64>("select count(*) from mails").await, 1);
    let body: String = app.value("select body_text from mails").await;
    assert!(body.contains("画像クレジット: 4") && body.contains("スターター"), "{body}");

    app.advance(Duration::days(30));
    make(&app, hana.id, "g3", true).await;
    app.drain().await;
    assert_eq!(app.value::<i64>("select count(*) from mails").await, 2, "another month, another word");
    assert_sound(&app).await;
}

#[tokio::test]
async fn usage_begins_again_with_the_month_of_tokyo() {
    let app = start().await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    for user in [&hana, &ken] {
        make(&app, user.id, &format!("a{}", user.id), true).await;
    }
    app.advance(Duration::days(15));
    let counts =
        "select string_agg(monthly_generations || '/' || total_generations, ' ' order by user_id) from user_settings";
    // Whoever makes something begins the new month at once; the job follows for everybody else.
    make(&app, hana.id, "b", true).await;
    app.upkeep().await;
    app.drain().await;
    let expected = if hana.id < ken.id { "1/2 0/1" } else { "0/1 1/2" };
    assert_eq!(app.value::<String>(counts).await, expected);
}

#[tokio::test]
async fn an_account_of_before_gets_its_wallet_when_it_is_made() {
    let app = start().await;
    let hana = app.user("花").await;
    let mut tx = app.tx().await;
    let mine = crate::wallets::balance(&mut tx, hana.id, app.ctx().now()).await.unwrap();
    assert_eq!((mine.image_credits, mine.tokens), (ImageCredits(3), Tokens(0)));
    assert_eq!(plans::plan_of(&mut tx, hana.id).await.unwrap().plan.code, PlanCode::free());
}
