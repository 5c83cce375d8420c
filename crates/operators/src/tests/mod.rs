//! What an operator can do, and nobody else.

use serde_json::{Value, json};
use testkit::{TestApp, TestUser};

async fn room() -> (TestApp, TestUser) {
    let app = TestApp::start(|_| (crate::routes(), platform::jobs::Registry::new())).await;
    let operator = app.operator("運営").await;
    (app, operator)
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|person| person["displayName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn for_everybody_else_the_room_does_not_exist() {
    let (app, operator) = room().await;
    let hana = app.user("花").await;
    let person = format!("/api/admin/users/{}", hana.id);
    let page = format!("/console/users/{}", hana.id);
    for path in [
        "/api/admin/users",
        "/api/admin/stats",
        "/console/users",
        "/console/stats",
        "/console/prices",
        "/console/plans",
        "/console",
        &person,
        &page,
    ] {
        hana.client.get(path).await.expect(404);
        app.anonymous().get(path).await.expect(401);
        let status = operator.client.get(path).await.status;
        assert!(status == 200 || (path == "/console" && status == 303), "{path}: {status}");
    }
    let gift = json!({ "userId": hana.id, "imageCredits": 100, "reason": "自分に" });
    hana.client.post("/api/admin/credits", &gift).await.expect(404);
    hana.client.post_form("/console/prices", &[("reason", "安く")]).await.expect(404);
    hana.client.post_form("/console/plans", &[("plan", "free")]).await.expect(404);
    hana.client.post(&format!("{person}/ban"), &json!({ "reason": "x" })).await.expect(404);
}

#[tokio::test]
async fn people_are_found_by_address_by_the_beginning_of_a_name_and_page_by_page() {
    let (app, operator) = room().await;
    for name in ["花子", "花 50%_off", "Ken", "健二", "mika"] {
        app.advance(time::Duration::seconds(1));
        app.user(name).await;
    }
    let list = async |query: &str| operator.client.get(&format!("/api/admin/users?{query}")).await.expect(200).json();
    assert_eq!(names(&list("q=%E8%8A%B1").await), ["花 50%_off", "花子"]);
    assert_eq!(names(&list("q=KE").await), ["Ken"], "upper and lower case are the same");
    assert_eq!(names(&list("q=%25").await), Vec::<&str>::new(), "a sign of the search language is a sign");
    let mika = list("q=mika").await;
    let address = mika["items"][0]["email"].as_str().unwrap().to_uppercase();
    assert_eq!(names(&list(&format!("q={address}")).await), ["mika"]);
    assert_eq!(names(&list("role=admin").await), ["運営"]);
    assert_eq!(names(&list("plan=pro").await), Vec::<&str>::new());

    let (mut seen, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let page = list(&query).await;
        seen.extend(names(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        query = format!("limit=2&cursor={cursor}");
    }
    assert_eq!(seen, ["mika", "健二", "Ken", "花 50%_off", "花子", "運営"]);

    operator.client.get("/api/admin/users?role=king").await.expect_problem(422, "invalid_input");
    operator.client.get("/api/admin/users?cursor=nonsense").await.expect_problem(422, "invalid_input");
    operator.client.get("/api/admin/users/not-an-id").await.expect(404);
}

#[tokio::test]
async fn credits_are_given_and_taken_with_a_reason_that_stays() {
    let (app, operator) = room().await;
    let hana = app.user("花").await;
    app.impoverish(&hana).await;
    let correct = async |body: Value| operator.client.post("/api/admin/credits", &body).await;
    let body = correct(json!({ "userId": hana.id, "imageCredits": 10, "reason": "お詫び" })).await.expect(200).json();
    assert_eq!(body, json!({ "userId": hana.id, "tokens": 0, "imageCredits": 10 }));
    let body =
        correct(json!({ "userId": hana.id, "imageCredits": -4, "reason": "二重でした" })).await.expect(200).json();
    assert_eq!(body["imageCredits"], 6);
    correct(json!({ "userId": hana.id, "imageCredits": -7, "reason": "多すぎ" }))
        .await
        .expect_problem(409, "too_few_credits");

    for (wrong, field) in [
        (json!({ "userId": hana.id, "imageCredits": 0, "reason": "x" }), "amount"),
        (json!({ "userId": hana.id, "imageCredits": 100_001, "reason": "x" }), "amount"),
        (json!({ "userId": hana.id, "tokens": i64::MIN, "reason": "x" }), "amount"),
        (json!({ "userId": hana.id, "tokens": 1, "imageCredits": 1, "reason": "x" }), "tokens"),
        (json!({ "userId": hana.id, "tokens": 1, "reason": " " }), "reason"),
        (json!({ "userId": hana.id, "tokens": 1, "reason": "a\u{202e}b" }), "reason"),
        (json!({ "userId": hana.id, "tokens": 1, "reason": "x", "expiresInDays": 181 }), "days"),
    ] {
        let problem = correct(wrong.clone()).await.expect(422).json();
        assert_eq!(problem["fields"][0]["field"], field, "{wrong}: {problem}");
    }
    let nobody = json!({ "userId": kernel::UserId(uuid::Uuid::nil()), "tokens": 1, "reason": "x" });
    correct(nobody).await.expect(404);

    let page = operator.client.get(&format!("/console/users/{}", hana.id)).await.expect(200).text();
    for trace in ["お詫び", "二重でした", "credits.correct"] {
        assert!(page.contains(trace), "{trace} is not on the page");
    }
    assert!(!page.contains("多すぎ"), "what was refused has left no trace");
    let mut tx = app.state.db.begin_system(kernel::SystemReason::Verification).await.unwrap();
    let findings = credits::verify(&mut tx).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
}

#[tokio::test]
async fn what_was_typed_into_the_form_comes_back() {
    let (app, operator) = room().await;
    let hana = app.user("花").await;
    app.impoverish(&hana).await;
    let path = format!("/console/users/{}/credits", hana.id);
    let fields = [("unit", "token"), ("amount", "-12345"), ("reason", "打ち間違い"), ("days", "")];
    let page = operator.client.post_form(&path, &fields).await.expect(422).text();
    assert!(page.contains("-12345") && page.contains("打ち間違い"));
    let fields = [("unit", "token"), ("amount", "12,345"), ("reason", "お試し"), ("days", "30")];
    operator.client.post_form(&path, &fields).await.expect(303);
    let person = operator.client.get(&format!("/api/admin/users/{}", hana.id)).await.expect(200).json();
    assert_eq!(person["tokens"], 12_345.0);
}

#[tokio::test]
async fn a_ban_needs_a_reason_and_spares_operators() {
    let (app, operator) = room().await;
    let hana = app.user("花").await;
    let ban = format!("/api/admin/users/{}/ban", hana.id);
    operator.client.post(&ban, &json!({ "reason": "" })).await.expect(422);
    operator.client.post(&ban, &json!({ "reason": "規約違反" })).await.expect(204);
    operator.client.post(&ban, &json!({ "reason": "二度目の理由" })).await.expect(204);
    let banned = operator.client.get("/api/admin/users?banned=yes").await.expect(200).json();
    assert_eq!(names(&banned), ["花"]);
    hana.client.get("/api/auth/me").await.expect(200);

    let page = operator.client.get(&format!("/console/users/{}", hana.id)).await.expect(200).text();
    assert!(page.contains("規約違反") && !page.contains("二度目の理由"), "banning twice is banning once");
    let form = [("reason", "誤りでした")];
    operator.client.post_form(&format!("/console/users/{}/unban", hana.id), &form).await.expect(303);
    let banned = operator.client.get("/api/admin/users?banned=yes").await.expect(200).json();
    assert_eq!(names(&banned), Vec::<&str>::new());

    let own = format!("/api/admin/users/{}/ban", operator.id);
    operator.client.post(&own, &json!({ "reason": "x" })).await.expect_problem(409, "cannot_ban_operator");
}

#[tokio::test]
async fn the_figures_count_days_in_tokyo_without_gaps() {
    let (app, operator) = room().await;
    app.user("花").await;
    // The test begins at noon in Tokyo: thirteen hours later it is the next day there, and still the same in London.
    app.advance(time::Duration::hours(13));
    app.user("健").await;
    let figures = operator.client.get("/api/admin/stats?days=3").await.expect(200).json();
    let days: Vec<_> = figures["days"].as_array().unwrap().iter().collect();
    let dates: Vec<_> = days.iter().map(|day| day["date"].to_string()).collect();
    assert_eq!(dates.len(), 3, "{dates:?}");
    assert_eq!(days[1]["signUps"], 2);
    assert_eq!(days[2]["signUps"], 1);
    assert_eq!(figures["users"], 3);
    let free = figures["plans"].as_array().unwrap().iter().find(|plan| plan["plan"] == "free").unwrap();
    assert_eq!(free["users"], 3);
    for nonsense in ["0", "367", "-1", "many"] {
        operator.client.get(&format!("/api/admin/stats?days={nonsense}")).await.expect(422);
    }
    let page = operator.client.get("/console/stats").await.expect(200).text();
    assert!(page.contains("chart__bar"), "two people make a bar");
}

/// The current price of a picture by the platform's own illustrator.
async fn price_of_a_sketch(app: &TestApp) -> credits::prices::Price {
    let mut tx = app.state.db.begin_system(kernel::SystemReason::Verification).await.unwrap();
    let current = credits::prices::current(&mut tx).await.unwrap();
    let sketch = current
        .iter()
        .find(|priced| priced.provider == "sketch" && priced.operation == credits::prices::Operation::Generate);
    sketch.unwrap().price
}

#[tokio::test]
async fn a_price_is_changed_with_a_reason_and_only_as_it_was_seen() {
    let (app, operator) = room().await;
    let before = price_of_a_sketch(&app).await;
    let id = before.id.to_string();
    let page = operator.client.get(&format!("/console/prices?price={id}")).await.expect(200).text();
    assert!(page.contains(r#"name="tokens""#), "the form is there");
    let change = async |images: &str, tokens: &str, reason: &str| {
        let fields = [("price", id.as_str()), ("imageCredits", images), ("tokens", tokens), ("reason", reason)];
        operator.client.post_form("/console/prices", &fields).await
    };
    for (images, tokens, reason) in [
        ("0", "0", "x"),
        ("-1", "10", "x"),
        ("1", "1.2345", "x"),
        ("1001", "10", "x"),
        ("1", "1000001", "x"),
        ("1", "12.5", " "),
    ] {
        let page = change(images, tokens, reason).await.expect(422).text();
        assert!(page.contains("error-summary") && page.contains(&format!("value=\"{tokens}\"")), "{images} {tokens}");
    }
    assert_eq!(price_of_a_sketch(&app).await, before);
    change("1", "10", "同じ").await.expect(303);
    assert_eq!(price_of_a_sketch(&app).await, before, "the same price is no new one");

    change("2", "1,012.5", "値上げ").await.expect(303);
    let after = price_of_a_sketch(&app).await;
    assert_eq!((after.image_credits.get(), after.tokens.get()), (2, 1_012_500));
    assert_ne!(after.id, before.id);
    change("3", "10", "おそい").await.expect_problem(409, "price_changed_meanwhile");
    assert_eq!(price_of_a_sketch(&app).await, after);
    let mut tx = app.state.db.begin_system(kernel::SystemReason::Verification).await.unwrap();
    let written = "select diff ->> 'reason' from public.audit_logs where action = 'prices.change'";
    let reasons: Vec<String> = sqlx::query_scalar(written).fetch_all(tx.conn()).await.unwrap();
    assert_eq!(reasons, ["値上げ"], "what changed nothing left no trace");
}

#[tokio::test]
async fn a_plan_is_edited_with_a_reason_and_says_whom_it_reaches_when() {
    let (app, operator) = room().await;
    let page = operator.client.get("/console/plans?plan=pro").await.expect(200).text();
    assert!(page.contains("次の更新") && page.contains("value=\"50000\"") && page.contains("value=\"90\""), "{page}");
    let edited = [
        ("plan", "pro"),
        ("tokens", "40,000"),
        ("images", "150"),
        ("historyDays", "60"),
        ("pages", "8"),
        ("benefitsJa", "毎月40,000トークン\n毎月画像150枚"),
        ("benefitsEn", "40,000 tokens a month\n150 pictures a month"),
        ("reason", "値段にあわせる"),
    ];
    for (field, wrong) in [
        ("tokens", "-1"),
        ("images", "many"),
        ("historyDays", "0"),
        ("pages", ""),
        ("benefitsEn", "one line only"),
        ("reason", " "),
    ] {
        let mut form = edited;
        form.iter_mut().find(|(name, _)| *name == field).unwrap().1 = wrong;
        let again = operator.client.post_form("/console/plans", &form).await.expect(422).text();
        assert!(again.contains(&format!("field-{field}-error")), "{field}: {again}");
    }
    for _ in 0..2 {
        operator.client.post_form("/console/plans", &edited).await.expect(303);
    }
    let brings = "select tokens_month_milli || ' ' || image_credits_month || ' ' || history_days || ' ' || page_limit
                    from public.subscription_plans where code = 'pro'";
    assert_eq!(app.value::<String>(brings).await, "40000000 150 60 8");
    let written = "select string_agg(diff ->> 'reason', ' ') from public.audit_logs where action = 'plans.change'";
    assert_eq!(app.value::<String>(written).await, "値段にあわせる", "the second time changed nothing");
    let mut form = edited;
    form[0].1 = "gold";
    operator.client.post_form("/console/plans", &form).await.expect(404);
}
