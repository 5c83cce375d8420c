//! Guesses: by strangers, by the owner, by many at once.

use std::collections::BTreeMap;

use platform::jobs::Registry;
use serde_json::json;
use testkit::{Answer, TestApp, TestClient, TestUser};
use time::Duration;

async fn app() -> TestApp {
    TestApp::start_with(&[("MACHIYA_TRUSTED_PROXIES", "127.0.0.1")], |_| (axum::Router::new(), Registry::new())).await
}

/// The same client at another address of the network.
fn at(client: &TestClient, number: usize) -> TestClient {
    client.clone().with_header("x-forwarded-for", &format!("198.51.100.{number}"))
}

fn cookies(answer: &Answer) -> String {
    let pairs = answer.headers.get_all("set-cookie").iter();
    let pairs = pairs.filter_map(|value| value.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

async fn attempt(client: &TestClient, email: &str) -> Answer {
    client.post_form("/login", &[("email", email), ("password", "a wrong guess at it all")]).await
}

#[tokio::test]
async fn strangers_wait_longer_and_longer_and_a_known_browser_does_not() {
    let app = app().await;
    let hana = app.user("花").await;
    let right = [("email", hana.email.as_str()), ("password", TestUser::PASSWORD)];
    let own = app.anonymous().as_browser();
    let entered = own.post_form("/login", &right).await.expect(303);
    assert!(cookies(&entered).contains("machiya_device="), "{}", cookies(&entered));
    let own = own.with_header("cookie", &cookies(&entered));

    let stranger = app.anonymous().as_browser();
    let mut waits = Vec::new();
    for _ in 0..12 {
        let answer = attempt(&stranger, &hana.email).await;
        if answer.status.as_u16() == 429 {
            let seconds: i64 = answer.header("retry-after").parse().expect("seconds");
            waits.push(seconds);
            app.advance(Duration::seconds(seconds));
        }
        // The limit by address is not what is looked at here.
        app.execute("delete from rate_limits").await;
    }
    assert_eq!(waits, [2, 4, 8, 16], "each wait twice the one before");
    attempt(&stranger, &hana.email).await;
    let locked = attempt(&stranger, &hana.email).await;
    assert_eq!(locked.status.as_u16(), 429);

    // Whoever logged in here before is not made to wait by them.
    own.post_form("/login", &right).await.expect(303);
    // That was no proof for strangers' guesses to be forgotten by: but whoever got in is the owner, so they are.
    assert_eq!(attempt(&stranger, &hana.email).await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_known_browser_is_known_to_its_own_accounts_only() {
    let app = app().await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    let browser = app.anonymous().as_browser();
    let right = [("email", hana.email.as_str()), ("password", TestUser::PASSWORD)];
    let entered = browser.post_form("/login", &right).await.expect(303);
    let hanas = browser.with_header("cookie", &cookies(&entered));
    for number in 0..5 {
        assert_eq!(attempt(&at(&app.anonymous().as_browser(), number), &ken.email).await.status.as_u16(), 401);
    }
    assert_eq!(attempt(&hanas, &ken.email).await.status.as_u16(), 429, "a stranger there, whatever cookie it has");
    // A secret of one's own choice makes nobody known.
    let forged = app.anonymous().as_browser().with_header("cookie", &format!("machiya_device={}", "A".repeat(43)));
    assert_eq!(attempt(&forged, &ken.email).await.status.as_u16(), 429);
    // And a known browser has its own count.
    for _ in 0..5 {
        assert_eq!(attempt(&hanas, &hana.email).await.status.as_u16(), 401);
    }
    assert_eq!(attempt(&hanas, &hana.email).await.status.as_u16(), 429);
    let keys: String = app.value("select string_agg(t::text, '') from login_throttles t").await;
    assert!(!keys.contains(&ken.email) && !keys.contains("@"), "no address is kept for a guess");
}

#[tokio::test]
async fn an_address_has_three_failures_at_once_and_then_one_every_twenty_seconds() {
    let app = app().await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    let home = at(&app.anonymous().as_browser(), 1);
    let right = |email: &'static str| [("email", email), ("password", TestUser::PASSWORD)];
    let (hanas, kens): (&'static str, &'static str) = (hana.email.clone().leak(), ken.email.clone().leak());
    // Those who log in are no guessers, however many share the address.
    let mut known = None;
    for _ in 0..5 {
        known = Some(cookies(&home.post_form("/login", &right(hanas)).await.expect(303)));
    }
    let known = home.clone().with_header("cookie", &known.unwrap_or_default());
    let strangers = ["a@example.jp", "b@example.jp", "c@example.jp"];
    for email in strangers {
        assert_eq!(attempt(&home, email).await.status.as_u16(), 401);
    }
    let refused = attempt(&home, "d@example.jp").await.expect(429);
    assert_eq!(refused.header("retry-after"), "20");
    home.post_form("/login", &right(kens)).await.expect(429);
    // A browser that is known at the account does not wait for the neighbours; known elsewhere, it does.
    known.post_form("/login", &right(hanas)).await.expect(303);
    known.post_form("/login", &right(kens)).await.expect(429);
    at(&app.anonymous().as_browser(), 2).post_form("/login", &right(kens)).await.expect(303);
    app.advance(Duration::seconds(20));
    assert_eq!(attempt(&home, "d@example.jp").await.status.as_u16(), 401);
    assert_eq!(attempt(&home, "e@example.jp").await.status.as_u16(), 429);
}

/// How many other requests complete, one after the other, while `attempts` are sent, two hundred at once, and how long
/// that takes; and what was answered to the attempts.
async fn beside(
    app: &TestApp,
    other: &TestClient,
    attempts: usize,
    body: &serde_json::Value,
    path: &'static str,
) -> (f64, BTreeMap<u16, usize>) {
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let flood = async {
        let mut statuses = BTreeMap::<u16, usize>::new();
        for round in 0..attempts / 200 {
            let asked = (0..200).map(|number| {
                let client = at(&app.anonymous(), number % 40);
                let mut body = body.clone();
                body["email"] = format!("victim{}@example.jp", (round * 200 + number) % 60).into();
                async move { client.post(path, &body).await.status.as_u16() }
            });
            for status in futures::future::join_all(asked).await {
                *statuses.entry(status).or_default() += 1;
            }
        }
        is_over.store(true, std::sync::atomic::Ordering::SeqCst);
        statuses
    };
    let watch = async {
        let began = std::time::Instant::now();
        let mut completed = 0_u32;
        while !is_over.load(std::sync::atomic::Ordering::SeqCst) {
            other.get("/api/auth/me").await.expect(200);
            completed += 1;
        }
        f64::from(completed) / began.elapsed().as_secs_f64()
    };
    let (statuses, per_second) = futures::future::join(flood, watch).await;
    (per_second, statuses)
}

/// Ten thousand guesses at sixty accounts from forty addresses, two hundred at once: other requests complete at the rate
/// at which they complete beside as many requests that cost nothing, or near it; every answer is a clear one.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_attempts_leave_the_rest_of_the_site_fast() {
    let app = app().await;
    let hana = app.user("花").await;
    let (attempts, body) = (10_000_usize, json!({"password": "one of very many guesses"}));
    let (harmless, ignored) = beside(&app, &hana.client, attempts / 5, &body, "/api/auth/logout").await;
    assert_eq!(ignored.values().sum::<usize>(), attempts / 5);
    let (attacked, statuses) = beside(&app, &hana.client, attempts, &body, "/api/auth/login").await;
    assert_eq!(statuses.values().sum::<usize>(), attempts);
    assert!(statuses.keys().all(|status| [401, 429, 503].contains(status)), "{statuses:?}");
    assert!(statuses.get(&401).is_none_or(|looked_at| *looked_at <= 40 * 3), "{statuses:?}");
    let ratio = attacked / harmless;
    assert!(ratio > 0.3, "{attacked:.1} a second instead of {harmless:.1} while {statuses:?}");
    let right = json!({"email": hana.email, "password": TestUser::PASSWORD});
    at(&app.anonymous(), 99).post("/api/auth/login", &right).await.expect(200);
}
