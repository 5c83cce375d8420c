//! Forgotten passwords and first passwords, over real HTTP and a real database.

use kernel::{Locale, UserId};
use platform::jobs::Registry;
use serde_json::json;
use testkit::{TestApp, TestClient, TestUser};
use time::Duration;

use crate::one_time_links::{LinkPurpose, issue};
use crate::users::{self, EmailAddress};

const NEW: &str = "a lantern by the old canal";

async fn app() -> TestApp {
    TestApp::start_with(&[("MACHIYA_TRUSTED_PROXIES", "127.0.0.1")], |_| (axum::Router::new(), Registry::new())).await
}

fn code(link: &str) -> &str {
    link.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code in the link")
}

fn browser(app: &TestApp) -> TestClient {
    app.anonymous().as_browser()
}

async fn log_in(app: &TestApp, email: &str, password: &str) -> u16 {
    let body = json!({"email": email, "password": password});
    app.anonymous().post("/api/auth/login", &body).await.status.as_u16()
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_and_everything_else_ends() {
    let app = app().await;
    let hana = app.user("花").await;
    let page = browser(&app).post_form("/reset-password", &[("email", hana.email.as_str())]).await.expect(200).text();
    assert!(page.contains(&hana.email));
    app.drain().await;
    let link = app.mailed_link(&hana.email).await;
    assert!(link.starts_with("/reset-password/confirm?code=") && link.ends_with("&type=recovery"), "{link}");

    // Opening the page, as scanners of mail do, uses nothing up; and nobody else learns of its address.
    for _ in 0..3 {
        let page = browser(&app).get(&link).await.expect(200);
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
    }
    let form = |password| [("code", code(&link)), ("type", "recovery"), ("password", password)];
    let short = browser(&app).post_form("/reset-password/confirm", &form("short")).await.expect(422).text();
    assert!(short.contains("field-password-error"));
    let common = browser(&app).post_form("/reset-password/confirm", &form("passwordpassword")).await.expect(422).text();
    assert!(common.contains("field-password-error"));
    let done = browser(&app).post_form("/reset-password/confirm", &form(NEW)).await.expect(303);
    assert_eq!(done.header("location"), "/login");
    hana.client.get("/api/auth/me").await.expect_problem(401, "unauthorized");
    assert_eq!(log_in(&app, &hana.email, TestUser::PASSWORD).await, 401);
    assert_eq!(log_in(&app, &hana.email, NEW).await, 200);

    // From another browser, and again: kind, and without effect.
    let again =
        browser(&app).post_form("/reset-password/confirm", &form("another lantern by the sea")).await.expect(410);
    assert!(again.text().contains("<h1"));
    browser(&app).get(&link).await.expect(410);
    assert_eq!(log_in(&app, &hana.email, NEW).await, 200);
    let notices: i64 = app.value("select count(*) from mails where dedupe_key like 'password-changed/%'").await;
    assert_eq!(notices, 1);
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let app = app().await;
    let hana = app.user("花").await;
    let mut answers = Vec::new();
    for (address, email) in [("198.51.100.1", hana.email.as_str()), ("198.51.100.2", "nobody@example.jp")] {
        let here = app.anonymous().with_header("x-forwarded-for", address);
        let before: i64 = app.value("select count(*) from jobs").await;
        let answer = here.post("/api/auth/recovery", &json!({"email": email})).await.expect(202);
        let after: i64 = app.value("select count(*) from jobs").await;
        answers.push((answer.text(), after - before));
        let page = here.as_browser().post_form("/reset-password", &[("email", email)]).await.expect(200).text();
        let shown = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or_default();
        answers.push((shown.replace(email, "…"), 0));
    }
    assert_eq!(answers[0], answers[2], "the same answer after the same work");
    assert!(answers[1].0.contains('…'));
    assert_eq!(answers[1], answers[3]);
    app.drain().await;
    let mails: i64 = app.value("select count(*) from mails where dedupe_key like 'recovery/%'").await;
    assert_eq!(mails, 2, "two for the account, none for nobody");
    app.anonymous().post("/api/auth/recovery", &json!({"email": "nowhere"})).await.expect_problem(422, "invalid_input");
}

#[tokio::test]
async fn a_mailbox_is_not_flooded_and_a_caller_who_asks_for_many_waits() {
    let app = app().await;
    let hana = app.user("花").await;
    let at = |number: usize| app.anonymous().with_header("x-forwarded-for", &format!("198.51.100.{number}"));
    let asks = |number: usize, email: &str| {
        let (client, body) = (at(number), json!({"email": email}));
        async move { client.post("/api/auth/recovery", &body).await }
    };
    for number in 0..6 {
        asks(number, &hana.email).await.expect(202);
    }
    app.drain().await;
    let mails: i64 = app.value("select count(*) from mails where dedupe_key like 'recovery/%'").await;
    assert_eq!(mails, 3, "three to one mailbox, whoever asks");
    for number in 0..3 {
        asks(9, &format!("nobody{number}@example.jp")).await.expect(202);
    }
    let refused = asks(9, "more@example.jp").await.expect_problem(429, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "1200", "three from one address, then one in twenty minutes");
}

#[tokio::test]
async fn links_that_are_wrong_bent_late_or_for_something_else_say_so() {
    let app = app().await;
    let hana = app.user("花").await;
    app.anonymous().post("/api/auth/recovery", &json!({"email": hana.email})).await.expect(202);
    app.drain().await;
    let link = app.mailed_link(&hana.email).await;
    let confirm = |code: &str, kind: &str| {
        let body = json!({"code": code, "type": kind, "password": NEW});
        let client = app.anonymous();
        async move { client.post("/api/auth/recovery/confirm", &body).await }
    };
    confirm("", "recovery").await.expect_problem(404, "link_unknown");
    confirm(&code(&link)[1..], "recovery").await.expect_problem(404, "link_unknown");
    confirm(code(&link), "set_password").await.expect_problem(404, "link_unknown");
    browser(&app).get("/reset-password/confirm?code=x&type=verify_email").await.expect(404);
    app.advance(Duration::hours(1));
    confirm(code(&link), "recovery").await.expect_problem(410, "link_expired");
    assert!(browser(&app).get(&link).await.expect(410).text().contains("<h1"));
    assert_eq!(log_in(&app, &hana.email, TestUser::PASSWORD).await, 200);
}

async fn bought(app: &TestApp, email: &str) -> (UserId, String) {
    let email = EmailAddress::parse(email).unwrap();
    let mut tx = app.tx().await;
    let (id, is_new) = users::find_or_create_by_email(&app.ctx(), &mut tx, &email, "次郎", Locale::Ja).await.unwrap();
    assert!(is_new);
    let link = issue(&app.ctx(), &mut tx, id, LinkPurpose::SetPassword).await.unwrap();
    tx.commit().await.unwrap();
    (id, link.path())
}

#[tokio::test]
async fn the_first_password_is_set_by_the_welcome_link_which_logs_in() {
    let app = app().await;
    let (_, link) = bought(&app, "jiro@example.jp").await;
    app.advance(Duration::hours(71));
    browser(&app).get(&link).await.expect(200);
    let form = [("code", code(&link)), ("type", "set_password"), ("password", NEW)];
    let entered = browser(&app).post_form("/reset-password/confirm", &form).await.expect(303);
    assert_eq!(entered.header("location"), super::reset::AFTER_FIRST_PASSWORD);
    let cookies: Vec<String> = entered
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next().map(str::to_owned))
        .collect();
    let inside = browser(&app).with_header("cookie", &cookies.join("; "));
    let me = inside.get("/api/auth/me").await.expect(200).json();
    assert_eq!(me["user"]["email"], "jiro@example.jp");
    assert_eq!(me["user"]["emailVerified"], true, "whoever used the link has the mailbox");
    browser(&app).post_form("/reset-password/confirm", &form).await.expect(410);
    assert_eq!(log_in(&app, "jiro@example.jp", NEW).await, 200);
}

#[tokio::test]
async fn whoever_took_the_address_before_its_owner_loses_the_account() {
    let app = app().await;
    let squatter = app.anonymous();
    let body = json!({"email": "jiro@example.jp", "password": "the squatter waits in the dark", "displayName": "影"});
    let token = squatter.post("/api/auth/signup", &body).await.expect(201).json()["accessToken"]
        .as_str()
        .expect("a token")
        .to_owned();
    let squatter = squatter.with_header("authorization", &format!("Bearer {token}"));
    squatter.get("/api/auth/me").await.expect(200);
    app.advance(Duration::minutes(1));

    app.anonymous().post("/api/auth/recovery", &json!({"email": "jiro@example.jp"})).await.expect(202);
    app.drain().await;
    let link = app.mailed_link("jiro@example.jp").await;
    let body = json!({"code": code(&link), "password": NEW});
    app.anonymous().post("/api/auth/recovery/confirm", &body).await.expect(204);
    squatter.get("/api/auth/me").await.expect_problem(401, "unauthorized");
    assert_eq!(log_in(&app, "jiro@example.jp", "the squatter waits in the dark").await, 401);
    let devices: i64 = app.value("select count(*) from known_devices").await;
    assert_eq!(devices, 0);
}

#[tokio::test]
async fn a_link_used_from_two_browsers_serves_the_first_and_tells_the_second() {
    let app = app().await;
    let hana = app.user("花").await;
    browser(&app).post_form("/reset-password", &[("email", hana.email.as_str())]).await.expect(200);
    app.drain().await;
    let link = app.mailed_link(&hana.email).await;
    let (phone, fixture) = (browser(&app), browser(&app).with_header("accept-language", "en"));
    // Both have the page open; opening it uses nothing up.
    phone.get(&link).await.expect(200);
    fixture.get(&link).await.expect(200);
    let form = |password| [("code", code(&link)), ("type", "recovery"), ("password", password)];
    let done = phone.post_form("/reset-password/confirm", &form(NEW)).await.expect(303);
    assert!(!done.headers.contains_key("set-cookie") || !done.header("set-cookie").contains("machiya_session="));
    let late = fixture.post_form("/reset-password/confirm", &form("another lantern by the sea")).await.expect(410);
    assert!(late.text().contains("<h1") && !late.text().contains(code(&link)), "said kindly, without the code");
    assert!(!late.headers.get_all("set-cookie").iter().any(|cookie| {
        cookie.to_str().is_ok_and(|text| text.starts_with("machiya_session=") && !text.contains("Max-Age=0"))
    }));
    // At the same time from both: one counts. Later, so that the second mail is the newest.
    app.advance(Duration::minutes(1));
    browser(&app).post_form("/reset-password", &[("email", hana.email.as_str())]).await.expect(200);
    app.drain().await;
    let link = app.mailed_link(&hana.email).await;
    let form = |password| [("code", code(&link)), ("type", "recovery"), ("password", password)];
    let (first, second) = ("a lantern at the first window", "a lantern at the second window");
    let (a, b) = (form(first), form(second));
    let (a, b) =
        tokio::join!(phone.post_form("/reset-password/confirm", &a), fixture.post_form("/reset-password/confirm", &b));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    let winner = if a.status == 303 { first } else { second };
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    assert_eq!(log_in(&app, &hana.email, winner).await, 200);
}
