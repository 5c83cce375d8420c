//! Proofs that are new, and sessions that change with them.

use platform::jobs::Registry;
use serde_json::json;
use testkit::{Answer, TestApp, TestClient, TestUser};
use time::Duration;

async fn app() -> TestApp {
    TestApp::start(|_| (axum::Router::new(), Registry::new())).await
}

fn cookie(answer: &Answer, name: &str) -> Option<String> {
    answer.headers.get_all("set-cookie").iter().find_map(|value| {
        let (pair, _) = value.to_str().ok()?.split_once(';')?;
        pair.strip_prefix(name)?.strip_prefix('=').map(str::to_owned)
    })
}

fn with_session(app: &TestApp, secret: &str) -> TestClient {
    app.anonymous().as_browser().with_header("cookie", &format!("machiya_session={secret}"))
}

async fn logged_in(app: &TestApp, user: &TestUser) -> String {
    let form = [("email", user.email.as_str()), ("password", TestUser::PASSWORD)];
    let entered = app.anonymous().as_browser().post_form("/login", &form).await.expect(303);
    cookie(&entered, "machiya_session").expect("a session")
}

#[tokio::test]
async fn what_was_typed_is_not_lost_when_a_proof_is_asked_for() {
    let app = app().await;
    let hana = app.user("花").await;
    let first = logged_in(&app, &hana).await;
    app.advance(Duration::minutes(11));
    let typed = [("name", "私の道具"), ("scopes", "read"), ("scopes", "generations:write"), ("days", "30")];
    let asked = with_session(&app, &first).post_form("/account/tokens", &typed).await.expect(403).text();
    for (name, value) in
        [("name", "私の道具"), ("scopes", "generations:write"), ("days", "30"), ("proofThen", "/account/tokens")]
    {
        assert!(asked.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name} is kept: {asked}");
    }
    let mut form: Vec<(&str, &str)> = typed.to_vec();
    form.extend([("proofThen", "/account/tokens"), ("proofPassword", "not the right one at all")]);
    let wrong = with_session(&app, &first).post_form("/account/confirm", &form).await.expect(422).text();
    assert!(wrong.contains("私の道具") && !wrong.contains("not the right one"));
    form.pop();
    form.push(("proofPassword", TestUser::PASSWORD));
    let proved = with_session(&app, &first).post_form("/account/confirm", &form).await.expect(307);
    assert_eq!(proved.header("location"), "/account/tokens");

    // The session has another secret now, and the old one opens nothing.
    let second = cookie(&proved, "machiya_session").expect("a new secret");
    assert_ne!(first, second);
    with_session(&app, &first).get("/api/auth/me").await.expect_problem(401, "unauthorized");
    let made = with_session(&app, &second).post_form("/account/tokens", &form).await.expect(200).text();
    assert!(made.contains("machiya_pat_") && made.contains("私の道具") && !made.contains("value=\"name\""));
}

#[tokio::test]
async fn a_proof_leads_back_and_never_away() {
    let app = app().await;
    let hana = app.user("花").await;
    let session = logged_in(&app, &hana).await;
    with_session(&app, &session).get("/account/confirm?next=/account/data").await.expect(200);
    let form = |next| [("proofNext", next), ("proofPassword", TestUser::PASSWORD)];
    let proved = with_session(&app, &session).post_form("/account/confirm", &form("/account/data")).await.expect(303);
    assert_eq!(proved.header("location"), "/account/data");
    let session = cookie(&proved, "machiya_session").expect("a new secret");
    let form = [
        ("proofThen", "https://evil.example/"),
        ("proofNext", "//evil.example"),
        ("proofPassword", TestUser::PASSWORD),
    ];
    let proved = with_session(&app, &session).post_form("/account/confirm", &form).await.expect(303);
    assert_eq!(proved.header("location"), "/");
    app.anonymous().as_browser().get("/account/confirm").await.expect(303);
}

#[tokio::test]
async fn a_session_planted_before_the_log_in_is_worth_nothing() {
    let app = app().await;
    let hana = app.user("花").await;
    let planted = format!("machiya_{}", "x".repeat(43));
    let victim = with_session(&app, &planted);
    let form = [("email", hana.email.as_str()), ("password", TestUser::PASSWORD)];
    let entered = victim.post_form("/login", &form).await.expect(303);
    let session = cookie(&entered, "machiya_session").expect("a session");
    assert_ne!(session, planted);
    with_session(&app, &planted).get("/api/auth/me").await.expect_problem(401, "unauthorized");
    // Nor does the secret of somebody else's session stay when another logs in over it.
    let ken = app.user("健").await;
    let over = with_session(&app, &session);
    let form = [("email", ken.email.as_str()), ("password", TestUser::PASSWORD)];
    assert_ne!(cookie(&over.post_form("/login", &form).await.expect(303), "machiya_session"), Some(session));
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session_and_renews_this_one() {
    let app = app().await;
    let hana = app.user("花").await;
    let (here, there) = (logged_in(&app, &hana).await, logged_in(&app, &hana).await);
    let change = |current: &str, new: &str| {
        let form = [("currentPassword".to_owned(), current.to_owned()), ("password".to_owned(), new.to_owned())];
        let client = with_session(&app, &here);
        async move { client.post_form("/account/password", &form).await }
    };
    let wrong = change("not the right one at all", "a lantern by the old canal").await.expect(422).text();
    assert!(wrong.contains("field-currentPassword-error"));
    let common = change(TestUser::PASSWORD, "passwordpassword").await.expect(422).text();
    assert!(common.contains("field-password-error"));
    let changed = change(TestUser::PASSWORD, "a lantern by the old canal").await.expect(303);
    let renewed = cookie(&changed, "machiya_session").expect("a new secret");
    with_session(&app, &renewed).get("/api/auth/me").await.expect(200);
    for ended in [&here, &there] {
        with_session(&app, ended).get("/api/auth/me").await.expect_problem(401, "unauthorized");
    }
    hana.client.get("/api/auth/me").await.expect_problem(401, "unauthorized");
}

#[tokio::test]
async fn one_sees_where_one_is_logged_in_and_ends_it() {
    let app = app().await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    let here = logged_in(&app, &hana).await;
    let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
    let form = [("email", hana.email.as_str()), ("password", TestUser::PASSWORD)];
    let other = app.anonymous().as_browser().with_header("user-agent", chrome);
    let there = cookie(&other.post_form("/login", &form).await.expect(303), "machiya_session").expect("a session");
    let page = with_session(&app, &here).get("/account/security").await.expect(200).text();
    assert!(page.contains("Chrome") && page.contains("Windows") && page.contains("この端末"), "{page}");

    let list = with_session(&app, &here).get("/api/auth/sessions").await.expect(200).json();
    assert_eq!(list["sessions"].as_array().map(Vec::len), Some(3));
    let kens = ken.client.get("/api/auth/sessions").await.expect(200).json();
    let strangers = format!("/api/auth/sessions/{}", kens["current"].as_str().unwrap_or_default());
    hana.client.delete(&strangers).await.expect_problem(404, "not_found");
    ken.client.get("/api/auth/me").await.expect(200);

    let theirs = with_session(&app, &there).get("/api/auth/sessions").await.expect(200).json();
    let path = format!("/account/sessions/{}/end", theirs["current"].as_str().unwrap_or_default());
    with_session(&app, &here).post_form(&path, &[("x", "y")]).await.expect(303);
    with_session(&app, &there).get("/api/auth/me").await.expect_problem(401, "unauthorized");
    with_session(&app, &here).post_form("/account/sessions/end-all", &[("x", "y")]).await.expect(303);
    with_session(&app, &here).get("/api/auth/me").await.expect_problem(401, "unauthorized");
    hana.client.get("/api/auth/me").await.expect_problem(401, "unauthorized");
    ken.client.get("/api/auth/me").await.expect(200);
}

#[tokio::test]
async fn a_program_proves_itself_without_another_secret() {
    let app = app().await;
    let hana = app.user("花").await;
    let wanted = json!({"name": "a script", "scopes": ["read"]});
    hana.client.post("/api/account/tokens", &wanted).await.expect(201);
    app.advance(Duration::minutes(11));
    hana.client.post("/api/account/tokens", &wanted).await.expect_problem(403, "reauthentication_required");
    hana.client.post("/api/auth/reauthenticate", &json!({"password": "no"})).await.expect_problem(422, "invalid_input");
    hana.client.post("/api/auth/reauthenticate", &json!({"password": TestUser::PASSWORD})).await.expect(204);
    hana.client.post("/api/account/tokens", &wanted).await.expect(201);
}
