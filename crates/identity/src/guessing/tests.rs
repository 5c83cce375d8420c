//! Guesses: by strangers, by the owner, by many at once.

use platform::jobs::Registry;
use serde_json::json;
use testkit::{Answer, TestApp, TestClient, TestUser};
use time::Duration;

async fn app() -> TestApp {
    TestApp::start(|_| (axum::Router::new(), Registry::new())).await
}

fn cookies(answer: &Answer) -> String {
    let pairs = answer.headers.get_all("set-cookie").iter();
    let pairs = pairs.filter_map(|value| value.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

async fn guess(client: &TestClient, email: &str) -> Answer {
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
        let answer = guess(&stranger, &hana.email).await;
        if answer.status.as_u16() == 429 {
            let seconds: i64 = answer.header("retry-after").parse().expect("seconds");
            waits.push(seconds);
            app.advance(Duration::seconds(seconds));
        }
        // The limit by address is not what is looked at here.
        app.execute("delete from rate_limits").await;
    }
    assert_eq!(waits, [2, 4, 8, 16], "each wait twice the one before");
    guess(&stranger, &hana.email).await;
    let locked = guess(&stranger, &hana.email).await;
    assert_eq!(locked.status.as_u16(), 429);

    // Whoever logged in here before is not made to wait by them.
    own.post_form("/login", &right).await.expect(303);
    // That was no proof for strangers' guesses to be forgotten by: but whoever got in is the owner, so they are.
    assert_eq!(guess(&stranger, &hana.email).await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_known_browser_is_known_to_its_own_accounts_only() {
    let app = app().await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    let browser = app.anonymous().as_browser();
    let right = [("email", hana.email.as_str()), ("password", TestUser::PASSWORD)];
    let entered = browser.post_form("/login", &right).await.expect(303);
    let hanas = browser.with_header("cookie", &cookies(&entered));
    for _ in 0..5 {
        assert_eq!(guess(&app.anonymous().as_browser(), &ken.email).await.status.as_u16(), 401);
    }
    assert_eq!(guess(&hanas, &ken.email).await.status.as_u16(), 429, "a stranger there, whatever cookie it has");
    // A secret of one's own choice makes nobody known.
    let forged = app.anonymous().as_browser().with_header("cookie", &format!("machiya_device={}", "A".repeat(43)));
    assert_eq!(guess(&forged, &ken.email).await.status.as_u16(), 429);
    // And a known browser has its own count.
    for _ in 0..5 {
        assert_eq!(guess(&hanas, &hana.email).await.status.as_u16(), 401);
    }
    assert_eq!(guess(&hanas, &hana.email).await.status.as_u16(), 429);
    let keys: String = app.value("select string_agg(t::text, '') from login_throttles t").await;
    assert!(!keys.contains(&ken.email) && !keys.contains("@"), "no address is kept for a guess");
}

/// Ten thousand guesses at sixty accounts from forty addresses, two hundred at once: what is not about logging in
/// stays quick, memory is bounded, and every answer is a clear one.
#[tokio::test]
async fn ten_thousand_attempts_leave_the_rest_of_the_site_fast() {
    let app =
        TestApp::start_with(&[("MACHIYA_TRUSTED_PROXIES", "127.0.0.1")], |_| (axum::Router::new(), Registry::new()))
            .await;
    let hana = app.user("花").await;
    let attempts = 10_000_usize;
    let flood = async {
        let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
        for round in 0..attempts / 200 {
            let guesses = (0..200).map(|number| {
                let address = format!("198.51.100.{}", number % 40);
                let client = app.anonymous().with_header("x-forwarded-for", &address);
                let email = format!("victim{}@example.jp", (round * 200 + number) % 60);
                async move {
                    let body = json!({"email": email, "password": "one of very many guesses"});
                    client.post("/api/auth/login", &body).await.status.as_u16()
                }
            });
            for status in futures::future::join_all(guesses).await {
                *statuses.entry(status).or_default() += 1;
            }
        }
        statuses
    };
    let watch = async {
        let mut slowest = std::time::Duration::ZERO;
        for _ in 0..60 {
            let asked = std::time::Instant::now();
            hana.client.get("/api/auth/me").await.expect(200);
            slowest = slowest.max(asked.elapsed());
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        slowest
    };
    let (statuses, slowest) = futures::future::join(flood, watch).await;
    assert_eq!(statuses.values().sum::<usize>(), attempts);
    assert!(statuses.keys().all(|status| [401, 429, 503].contains(status)), "{statuses:?}");
    assert!(statuses.get(&401).is_none_or(|looked_at| *looked_at <= 60 * 5), "{statuses:?}");
    app.execute("delete from rate_limits").await;
    assert!(slowest < std::time::Duration::from_secs(5), "{slowest:?} while {statuses:?}");
    let right = json!({"email": hana.email, "password": TestUser::PASSWORD});
    app.anonymous().post("/api/auth/login", &right).await.expect(200);
}
