//! Usage and statement, as their owner sees them.

use kernel::{GenerationId, ImageCredits, Tokens, UserId, Yen};
use serde_json::json;
use testkit::{TestApp, TestUser};
use time::Duration;

use crate::holds::{self, Actual, NewHold};
use crate::lots::{self, LotSource, NewLot};
use crate::prices::{self, Operation, Price};
use crate::{Amount, register_jobs};

async fn start() -> TestApp {
    TestApp::start(|_| (super::routes(), register_jobs())).await
}

async fn make(app: &TestApp, user_id: UserId, key: &str, model: (&str, &str), by_token: Option<i64>) {
    let (ctx, mut tx) = (app.ctx(), app.tx().await);
    let price = prices::quote(&mut tx, Operation::Generate, model.0, model.1).await.unwrap();
    let price = if by_token.is_some() { Price { image_credits: ImageCredits(0), ..price } } else { price };
    let hold = NewHold {
        user_id,
        business_key: key.to_owned(),
        operation: Operation::Generate,
        price: &price,
        generation_id: Some(ctx.new_id::<GenerationId>()),
        expires_at: ctx.now() + Duration::minutes(20),
    };
    holds::hold(&ctx, &mut tx, &hold).await.unwrap();
    let actual = by_token.map_or(Actual::AsHeld, |milli| Actual::Tokens(Tokens(milli)));
    holds::capture(&ctx, &mut tx, key, actual).await.unwrap();
    tx.commit().await.unwrap();
}

const SKETCH: (&str, &str) = ("sketch", "studio-illustrator-1");
const GEMINI: (&str, &str) = ("gemini", "gemini-3-pro-image");

/// Three pictures and a pack on two days, and one hold that came to nothing.
async fn account_with_usage() -> (TestApp, TestUser) {
    let app = start().await;
    let hana = app.user("花").await;
    let (ctx, mut tx) = (app.ctx(), app.tx().await);
    let pack = NewLot {
        user_id: hana.id,
        amount: Amount::Tokens(Tokens::whole(50_000)),
        source: LotSource::Purchase,
        business_key: "pack".to_owned(),
        paid: Yen(5_000),
        payment_id: None,
        expires_at: None,
        detail: json!({}),
    };
    lots::grant(&ctx, &mut tx, &pack).await.unwrap();
    tx.commit().await.unwrap();
    make(&app, hana.id, "a", SKETCH, None).await;
    make(&app, hana.id, "b", SKETCH, None).await;
    // Still the 20th in UTC, the 21st in Tokyo.
    app.advance(Duration::hours(13));
    make(&app, hana.id, "c", GEMINI, Some(150_400)).await;
    let (ctx, mut tx) = (app.ctx(), app.tx().await);
    let price = prices::quote(&mut tx, Operation::Generate, SKETCH.0, SKETCH.1).await.unwrap();
    let hold = NewHold {
        user_id: hana.id,
        business_key: "failed".to_owned(),
        operation: Operation::Generate,
        price: &price,
        generation_id: None,
        expires_at: ctx.now() + Duration::minutes(20),
    };
    holds::hold(&ctx, &mut tx, &hold).await.unwrap();
    holds::release(&ctx, &mut tx, "failed", holds::ReleaseReason::Failed).await.unwrap();
    tx.commit().await.unwrap();
    (app, hana)
}

#[tokio::test]
async fn usage_is_listed_by_day_operation_and_model() {
    let (_app, hana) = account_with_usage().await;
    let body = hana.client.get("/api/user/usage").await.expect(200).json();
    assert_eq!((&body["from"], &body["to"]), (&json!("2026-11-01"), &json!("2026-11-30")));
    assert_eq!(body["total"], json!({"operations": 3, "tokens": 150.4, "imageCredits": 2}));
    assert_eq!(
        body["days"],
        json!([
            {"date": "2026-11-20", "operations": 2, "tokens": 0, "imageCredits": 2},
            {"date": "2026-11-21", "operations": 1, "tokens": 150.4, "imageCredits": 0}
        ])
    );
    assert_eq!(
        body["operations"],
        json!([{"operation": "generate", "operations": 3, "tokens": 150.4, "imageCredits": 2}])
    );
    assert_eq!(body["models"].as_array().unwrap().len(), 2);
    let one_day = hana.client.get("/api/user/usage?from=2026-11-21&to=2026-11-21").await.expect(200).json();
    assert_eq!(one_day["total"]["operations"], 1);

    let settings = hana.client.get("/api/user/settings").await.expect(200).json();
    assert_eq!(settings["plan"], json!({"code": "free", "name": "フリー", "dunningState": "active"}));
    assert_eq!(settings["balance"]["tokens"], json!(49_849.6));
    assert_eq!(settings["balance"]["imageCredits"], json!(1));
    assert_eq!(settings["balance"]["balanceUsdCents"], json!(3_323));
    assert_eq!(settings["generations"]["total"], json!(3));
    assert_eq!((&settings["historyDays"], &settings["pageLimit"]), (&json!(7), &json!(1)));
}

#[tokio::test]
async fn days_that_are_none_and_periods_without_end_are_refused() {
    let (app, hana) = account_with_usage().await;
    for query in [
        "from=yesterday",
        "from=2026-02-30",
        "to=2026-13-01",
        "from=9999-12-31",
        "from=%2D2026-01-01",
        "from=2026-11-21&to=2026-11-20",
        "from=2020-01-01&to=2026-01-01",
        "from=2026-11-01%27%20or%201=1",
    ] {
        hana.client.get(&format!("/api/user/usage?{query}")).await.expect_problem(422, "invalid_input");
        hana.client.get(&format!("/account/usage.csv?{query}")).await.expect(422);
        hana.client.get(&format!("/account/usage?{query}")).await.expect(422);
    }
    for path in ["/api/user/usage", "/api/user/settings"] {
        app.anonymous().get(path).await.expect(401);
    }
}

#[tokio::test]
async fn nobody_reads_the_usage_of_others() {
    let (app, _hana) = account_with_usage().await;
    let ken = app.user("健").await;
    let body = ken.client.get("/api/user/usage").await.expect(200).json();
    assert_eq!(body["total"]["operations"], 0);
    let csv = ken.client.get("/account/usage.csv").await.expect(200).text();
    assert_eq!(csv.lines().count(), 2, "the heading and the three of the beginning: {csv}");
}

#[tokio::test]
async fn a_bookkeeper_can_read_the_statement() {
    let (_app, hana) = account_with_usage().await;
    let page = hana.client.get("/account/usage").await.expect(200).text();
    for text in ["49,849.6", "¥5,000", "2026-11-21", "<svg", "gemini-3-pro-image", "/account/usage.csv?from=2026-11-01"]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("usage-"), "every message has its text: {page}");
    let answer = hana.client.get("/account/usage.csv").await.expect(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.header("content-disposition").contains("machiya-usage-2026-11-01-2026-11-30.csv"));
    let csv = answer.text();
    assert!(csv.starts_with('\u{feff}'), "{csv}");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 6, "what came to nothing is no line: {csv}");
    assert!(lines[2].contains("50000.000,0,50000.000,3,5000"), "{csv}");
    assert!(lines[5].contains("2026-11-21 01:00:00") && lines[5].ends_with("-150.400,0,49849.600,1,0"), "{csv}");
    // A later month opens with what this one closed with.
    let later = hana.client.get("/account/usage?from=2026-12-01&to=2026-12-31").await.expect(200).text();
    assert!(later.contains("49,849.6"));
}
