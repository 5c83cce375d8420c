//! Log-in by another site, against a double that speaks its wire format and misbehaves on command.

use axum::Router;
use futures::future::join_all;
use kernel::{Clock, ManualClock};
use platform::jobs::Registry;
use serde_json::json;
use testkit::oidc_double::{OidcDouble, OidcError, OidcPerson};
use testkit::{Answer, BEGINNING, TestApp, TestClient, TestUser};
use time::Duration;

async fn start_app() -> (TestApp, OidcDouble) {
    let double = OidcDouble::start(Clock::Manual(ManualClock::starting_at(BEGINNING))).await.expect("a double");
    let app = TestApp::start_with(&double.settings(), |_| (Router::new(), Registry::new())).await;
    (app, double)
}

fn cookies(answer: &Answer) -> String {
    let pairs = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let pairs = pairs.filter_map(|text| text.split(';').next()).filter(|pair| !pair.ends_with('='));
    pairs.collect::<Vec<_>>().join("; ")
}

/// A browser that leaves for the double and is sent back; answers itself and the address on which it comes back.
async fn authorize(app: &TestApp, start: &str, more: &str) -> (TestClient, String) {
    let browser = app.anonymous().as_browser().with_header("cookie", more);
    let gone = browser.get(start).await.expect(303);
    let jar = format!("{more}; {}", cookies(&gone));
    assert!(jar.contains("machiya_oidc="), "{jar}");
    let there = app.anonymous().get(gone.header("location")).await.expect(303);
    (app.anonymous().as_browser().with_header("cookie", &jar), there.header("location").to_owned())
}

async fn walk(app: &TestApp) -> Answer {
    let (browser, back) = authorize(app, "/login/oidc?next=/me", "a=b").await;
    browser.get(&back).await
}

/// What the visitor is told at the log-in page.
fn toast(answer: &Answer) -> String {
    let all: Vec<&str> = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    let toast = all.iter().find_map(|text| text.strip_prefix("machiya_toast="));
    toast.and_then(|text| text.split(';').next()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_stranger_gets_an_account_and_keeps_it() {
    let (app, double) = start_app().await;
    double.log_in(OidcPerson::new("google-1", "Hana@Example.jp", "町屋 花"));
    let entered = walk(&app).await.expect(303);
    assert_eq!(entered.header("location"), "/me");
    let inside = app.anonymous().with_header("cookie", &cookies(&entered));
    let me = inside.get("/api/auth/me").await.expect(200).json();
    assert_eq!((&me["user"]["email"], &me["user"]["displayName"]), (&json!("hana@example.jp"), &json!("町屋 花")));
    assert_eq!(me["user"]["emailVerified"], true);
    // Another address there, the same person.
    double.log_in(OidcPerson::new("google-1", "hana@elsewhere.example", "花"));
    let again = walk(&app).await.expect(303);
    let inside = app.anonymous().with_header("cookie", &cookies(&again));
    assert_eq!(inside.get("/api/auth/me").await.expect(200).json()["user"]["id"], me["user"]["id"]);
    let people: i64 = app.value("select count(*) from user_profiles").await;
    assert_eq!(people, 1);
    assert_eq!(double.times_discovered(), 1, "what the site is, is asked once an hour");
}

#[tokio::test]
async fn an_account_is_linked_by_its_address_only_where_both_have_verified_it() {
    let (app, double) = start_app().await;
    let (hana, jiro) = (app.user("花").await, app.user("次郎").await);
    app.execute(&format!("update auth.users set email_confirmed_at = null where id = '{}'", jiro.id)).await;
    app.execute(&format!("update auth.users set email_confirmed_at = now() where id = '{}'", hana.id)).await;
    double.log_in(OidcPerson { email_verified: false, ..OidcPerson::new("g-0", &hana.email, "花") });
    assert_eq!(toast(&walk(&app).await.expect(303)), "danger.error-oidc-email-unverified");
    double.log_in(OidcPerson { email: None, ..OidcPerson::new("g-0", "x@example.jp", "花") });
    assert_eq!(toast(&walk(&app).await.expect(303)), "danger.error-oidc-email-unverified");
    double.log_in(OidcPerson::new("g-2", &jiro.email, "somebody who says so"));
    assert_eq!(toast(&walk(&app).await.expect(303)), "danger.error-oidc-log-in-first");
    double.log_in(OidcPerson::new("g-1", &hana.email, "花"));
    let entered = walk(&app).await.expect(303);
    let inside = app.anonymous().with_header("cookie", &cookies(&entered));
    assert_eq!(inside.get("/api/auth/me").await.expect(200).json()["user"]["id"], json!(hana.id));
    let notices: i64 = app.value("select count(*) from mails where dedupe_key like 'factors-account-linked/%'").await;
    assert_eq!(notices, 1);
    // Somebody else with the same address there is not her.
    double.log_in(OidcPerson::new("g-3", &hana.email, "花"));
    assert_eq!(toast(&walk(&app).await.expect(303)), "danger.error-oidc-log-in-first");
}

#[tokio::test]
async fn what_the_site_does_wrong_lets_nobody_in() {
    let (app, double) = start_app().await;
    double.log_in(OidcPerson::new("g-1", "hana@example.jp", "花"));
    let refused = [
        OidcError::WrongNonce,
        OidcError::WrongAudience,
        OidcError::TwoAudiences,
        OidcError::WrongIssuer,
        OidcError::Expired,
        OidcError::IssuedTomorrow,
        OidcError::AlgorithmNone,
        OidcError::AlgorithmHs256,
        OidcError::UnknownKey,
        OidcError::WrongSignature,
        OidcError::WrongAccessToken,
        OidcError::OtherIssuerInCallback,
    ];
    for fault in refused {
        double.misbehave([fault]);
        let answer = walk(&app).await.expect(303);
        assert_eq!(toast(&answer), "danger.error-oidc-refused", "{fault:?}");
        assert!(!cookies(&answer).contains("machiya_session"), "{fault:?}");
        app.advance(Duration::minutes(1));
    }
    double.misbehave([OidcError::Denied]);
    assert_eq!(toast(&walk(&app).await.expect(303)), "danger.error-oidc-cancelled");
    for fault in [OidcError::TokenDown, OidcError::NoSubject] {
        double.misbehave([fault]);
        let answer = walk(&app).await.expect(303);
        assert!(toast(&answer).starts_with("danger.error-oidc-"), "{fault:?}: {}", toast(&answer));
        assert!(!cookies(&answer).contains("machiya_session"), "{fault:?}");
    }
    let people: i64 = app.value("select count(*) from user_profiles").await;
    assert_eq!(people, 0);
    double.misbehave([]);
    assert!(cookies(&walk(&app).await.expect(303)).contains("machiya_session"));
}

#[tokio::test]
async fn a_site_that_is_not_there_or_not_itself_is_said_kindly() {
    for fault in [OidcError::Down, OidcError::EndlessAnswer, OidcError::OtherIssuerInDiscovery] {
        let (app, double) = start_app().await;
        double.misbehave([fault]);
        let answer = app.anonymous().as_browser().get("/login/oidc").await.expect(303);
        assert_eq!(toast(&answer), "danger.error-oidc-unavailable", "{fault:?}");
        assert_eq!(answer.header("location"), "/login?next=%2F");
    }
}

#[tokio::test]
async fn a_site_may_change_its_keys() {
    let (app, double) = start_app().await;
    double.log_in(OidcPerson::new("g-1", "hana@example.jp", "花"));
    walk(&app).await.expect(303);
    double.change_keys();
    app.advance(Duration::minutes(2));
    assert!(cookies(&walk(&app).await.expect(303)).contains("machiya_session"));
    assert_eq!(double.times_discovered(), 2);
}

#[tokio::test]
async fn a_callback_works_once_in_time_and_for_its_browser() {
    let (app, double) = start_app().await;
    double.log_in(OidcPerson::new("g-1", "hana@example.jp", "花"));
    let ended = "danger.error-oidc-ended";
    let (browser, back) = authorize(&app, "/login/oidc", "a=b").await;
    // A link that somebody else began: the victim's browser has no cookie of that way, or another one.
    assert_eq!(toast(&app.anonymous().as_browser().get(&back).await.expect(303)), ended);
    let other = app.anonymous().as_browser().with_header("cookie", &format!("machiya_oidc={}", "A".repeat(43)));
    assert_eq!(toast(&other.get(&back).await.expect(303)), ended);
    let twice = join_all([browser.get(&back), browser.get(&back)]).await;
    assert_eq!(twice.iter().filter(|answer| cookies(answer).contains("machiya_session")).count(), 1);
    let (browser, back) = authorize(&app, "/login/oidc", "a=b").await;
    app.advance(Duration::minutes(10));
    assert_eq!(toast(&browser.get(&back).await.expect(303)), ended);
    for odd in ["?state=x&code=y", "?code=y", "", &format!("?state={}&code=y", "A".repeat(43))] {
        let answer = browser.get(&format!("/login/oidc/callback{odd}")).await.expect(303);
        assert_eq!(toast(&answer), ended, "{odd}");
    }
    let (browser, back) = authorize(&app, "/login/oidc?next=//evil.example", "a=b").await;
    assert_eq!(browser.get(&back).await.expect(303).header("location"), "/studio");
}

#[tokio::test]
async fn the_second_proof_is_asked_for_all_the_same() {
    let (app, double) = start_app().await;
    double.log_in(OidcPerson::new("g-1", "hana@example.jp", "花"));
    let entered = walk(&app).await.expect(303);
    let id: String = app.value("select user_id::text from user_profiles").await;
    app.execute(&format!(
        "insert into totp_secrets (user_id, sealed_secret, created_at, confirmed_at)
         values ('{id}', decode(repeat('00', 61), 'hex'), now(), now())"
    ))
    .await;
    assert!(cookies(&entered).contains("machiya_session"));
    let asked = walk(&app).await.expect(303);
    assert_eq!(asked.header("location"), "/login/second-factor?next=%2Fme");
    assert!(cookies(&asked).contains("machiya_challenge") && !cookies(&asked).contains("machiya_session"));
}

/// Somebody's browser, logged in by password.
async fn inside(app: &TestApp, user: &TestUser) -> String {
    let form = [("email", user.email.as_str()), ("password", TestUser::PASSWORD)];
    cookies(&app.anonymous().as_browser().post_form("/login", &form).await.expect(303))
}

#[tokio::test]
async fn somebody_links_and_unlinks_an_account_there() {
    let (app, double) = start_app().await;
    let (hana, jiro) = (app.user("花").await, app.user("次郎").await);
    let jar = inside(&app, &hana).await;
    double.log_in(OidcPerson { email_verified: false, ..OidcPerson::new("g-9", "other@example.com", "花") });
    let page = app.anonymous().as_browser().with_header("cookie", &jar);
    assert!(page.get("/account/security").await.expect(200).text().contains("/account/security/oidc/link"));
    let (browser, back) = authorize(&app, "/account/security/oidc/link", &jar).await;
    // Jiro's browser cannot finish what hers began.
    let jiros = inside(&app, &jiro).await;
    let stolen =
        app.anonymous().as_browser().with_header("cookie", &format!("{jiros}; machiya_oidc={}", "A".repeat(43)));
    assert_eq!(toast(&stolen.get(&back).await.expect(303)), "danger.error-oidc-ended");
    assert_eq!(toast(&browser.get(&back).await.expect(303)), "success.factors-site-linked");
    assert!(page.get("/account/security").await.expect(200).text().contains("/account/security/oidc/unlink"));
    let entered = walk(&app).await.expect(303);
    let me = app.anonymous().with_header("cookie", &cookies(&entered)).get("/api/auth/me").await.expect(200).json();
    assert_eq!(me["user"]["id"], json!(hana.id));
    let (browser, back) = authorize(&app, "/account/security/oidc/link", &jiros).await;
    assert_eq!(toast(&browser.get(&back).await.expect(303)), "danger.error-oidc-taken");

    let evil = page.clone().with_header("sec-fetch-site", "cross-site");
    assert_ne!(evil.get("/account/security/oidc/link").await.status, 200);
    let gone = page.post_form("/account/security/oidc/unlink", &[("confirmed", "yes")]).await.expect(303);
    assert_eq!(toast(&gone), "success.factors-site-unlinked");
    app.advance(Duration::minutes(11));
    let refused = page.get("/account/security/oidc/link").await.expect(303);
    assert!(refused.header("location").starts_with("/account/confirm"));
}

#[tokio::test]
async fn the_last_login_method_stays() {
    let (app, double) = start_app().await;
    double.log_in(OidcPerson::new("g-1", "hana@example.jp", "花"));
    let jar = cookies(&walk(&app).await.expect(303));
    let page = app.anonymous().as_browser().with_header("cookie", &jar);
    let refused = page.post_form("/account/security/oidc/unlink", &[("confirmed", "yes")]).await.expect(303);
    assert_eq!(toast(&refused), "danger.error-last-login-method");
}

#[tokio::test]
async fn where_no_site_is_configured_there_is_no_such_way() {
    let app = TestApp::start(|_| (Router::new(), Registry::new())).await;
    let page = app.anonymous().as_browser();
    assert!(!page.get("/login").await.expect(200).text().contains("/login/oidc"));
    page.get("/login/oidc").await.expect(404);
    let (app, _double) = start_app().await;
    let page = app.anonymous().as_browser();
    for path in ["/login?next=/me", "/signup?next=/me"] {
        assert!(page.get(path).await.expect(200).text().contains("/login/oidc?next="), "{path}");
    }
}
