//! Whatever a stranger sends is answered clearly, in the stranger's language, and without a word about the inside.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use kernel::SystemReason;
use platform::http::{Anyone, Form, Json, Member, Operator, Path, Query};
use platform::jobs::Registry;
use platform::{App, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use testkit::{TestApp, TestClient};
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    price_cents: i64,
    answers: Answers,
}

#[derive(Deserialize)]
struct Answers {
    vibe: String,
}

#[derive(Deserialize)]
struct Asked {
    limit: Option<u32>,
    #[serde(default)]
    tag: String,
}

async fn app() -> TestApp {
    TestApp::start(|_| {
        let routes = Router::new()
            .route(
                "/api/test/json",
                post(|Json(body): Json<Body>| async move { format!("{} {}", body.price_cents, body.answers.vibe) }),
            )
            .route("/api/test/form", post(|Form(body): Form<Asked>| async move { body.tag }))
            .route(
                "/api/test/query",
                get(|Query(asked): Query<Asked>| async move { format!("{:?} {}", asked.limit, asked.tag) }),
            )
            .route("/api/test/things/{id}", get(|Path(id): Path<Uuid>| async move { id.to_string() }))
            .route("/api/test/text", get(text))
            .route("/api/test/locale", get(|Anyone(ctx): Anyone| async move { ctx.locale.tag() }))
            .route("/api/test/me", get(|member: Member| async move { member.user.display_name }))
            .route("/api/test/console", get(|Operator(member): Operator| async move { member.user.display_name }))
            .route("/api/test/broken", get(broken))
            .route("/api/test/panic", get(panics));
        (routes, Registry::new())
    })
    .await
}

/// Hands a text to the database, as every search and filter does.
async fn text(State(app): State<App>, Query(asked): Query<Asked>) -> Result<String, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    Ok(sqlx::query_scalar("select $1::text").bind(asked.tag).fetch_one(tx.conn()).await?)
}

async fn broken(State(app): State<App>) -> Result<String, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    Ok(sqlx::query_scalar("select a_secret_name from a_hidden_table").fetch_one(tx.conn()).await?)
}

async fn panics() -> String {
    panic!("a secret in a panic")
}

async fn post_text(client: &TestClient, media_type: &str, body: &str) -> testkit::Answer {
    client.post_bytes("/api/test/json", media_type, body.as_bytes().to_vec()).await
}

#[tokio::test]
async fn json_that_is_wrong_says_where() {
    let app = app().await;
    let client = app.anonymous();
    let good = json!({"priceCents": 50, "answers": {"vibe": "calm"}});
    assert_eq!(client.post("/api/test/json", &good).await.expect(200).text(), "50 calm");
    for broken in ["", "{", "[1,", "{\"priceCents\": 1} x", "{\"priceCents\": \"1\", ", "\u{1}", "nonsense"] {
        post_text(&client, "application/json", broken).await.expect_problem(400, "malformed_request");
    }
    let deep = "[".repeat(100_000);
    post_text(&client, "application/json", &deep).await.expect(400);
    for (body, field, code) in [
        (json!({"priceCents": "50", "answers": {"vibe": "calm"}}), "priceCents", "wrong_type"),
        (json!({"priceCents": 1.5, "answers": {"vibe": "calm"}}), "priceCents", "wrong_type"),
        (json!({"priceCents": 1e300, "answers": {"vibe": "calm"}}), "priceCents", "wrong_type"),
        (json!({"answers": {"vibe": "calm"}}), "priceCents", "required"),
        (json!({"priceCents": 50, "answers": {"vibe": 7}}), "answers.vibe", "wrong_type"),
        (json!({"priceCents": 50, "answers": {}}), "answers.vibe", "required"),
    ] {
        let answer = client.post("/api/test/json", &body).await.expect_problem(422, "invalid_input").json();
        assert_eq!(
            (&answer["fields"][0]["field"], &answer["fields"][0]["error"]),
            (&field.into(), &code.into()),
            "{body}"
        );
        assert!(answer["fields"][0]["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
    }
    for wrong in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        post_text(&client, wrong, &good.to_string()).await.expect_problem(415, "unsupported_media_type");
    }
    post_text(&client, "Application/JSON; charset=utf-8", &good.to_string()).await.expect(200);
}

#[tokio::test]
async fn a_body_has_a_limit_announced_or_not() {
    let app = app().await;
    let large = "x".repeat(kernel::limits::BODY_BYTES_MAX + 1);
    post_text(&app.anonymous(), "application/json", &large).await.expect_problem(413, "body_too_large");
    let form = app.anonymous().post_form("/api/test/form", &[("tag", large.as_str())]).await;
    form.expect_problem(413, "body_too_large");
    // Chunks, whose sum nobody announces.
    let chunks = (0..400).map(|_| Ok::<_, std::io::Error>(bytes::Bytes::from(vec![b' '; 1_024])));
    let body = axum::body::Body::from_stream(futures::stream::iter(chunks));
    let request = http::Request::post(format!("{}/api/test/json", app.url)).header("content-type", "application/json");
    let answer = chunked(&app, request.body(body).unwrap()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

/// Sends a body in chunks, which the test client does not.
async fn chunked(app: &TestApp, request: http::Request<axum::body::Body>) -> String {
    use http_body_util::BodyExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = app.url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let path = request.uri().path().to_owned();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    for chunk in body.chunks(1_024) {
        let framed = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        if stream.write_all(&framed).await.is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n").await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn paths_queries_and_forms_that_are_wrong_are_told_apart() {
    let app = app().await;
    let client = app.anonymous();
    for id in ["1", "00000000-0000-0000-0000-00000000000g", "%ff", "a%00b", "..%2fjson"] {
        client.get(&format!("/api/test/things/{id}")).await.expect_problem(404, "not_found");
    }
    client.get("/api/test/things/00000000-0000-0000-0000-000000000001").await.expect(200);
    let answer = client.get("/api/test/query?limit=many").await.expect_problem(422, "invalid_input").json();
    assert_eq!(answer["fields"][0]["field"], "limit");
    client.get("/api/test/query?limit=-1").await.expect(422);
    client.get("/api/test/query?limit=1&limit=2").await.expect(422);
    assert_eq!(client.get("/api/test/query?limit=3&unknown=1").await.expect(200).text(), "Some(3) ");
    client.post_bytes("/api/test/form", "text/plain", "tag=a").await.expect_problem(415, "unsupported_media_type");
    client.get("/api/nowhere").await.expect_problem(404, "not_found");
    client.post("/api/test/query", &json!({})).await.expect_problem(405, "method_not_allowed");
}

/// PostgreSQL keeps no U+0000; that is the sender's fault and not ours.
#[tokio::test]
async fn a_character_that_the_database_cannot_keep_is_bad_input() {
    let app = app().await;
    app.anonymous().get("/api/test/text?tag=a%00b").await.expect_problem(400, "malformed_request");
    assert_eq!(app.anonymous().get("/api/test/text?tag=%E6%98%A5").await.expect(200).text(), "春");
}

#[tokio::test]
async fn a_fault_of_ours_tells_nothing_of_the_inside() {
    let app = app().await;
    for path in ["/api/test/broken", "/api/test/panic"] {
        let answer = app.anonymous().get(path).await.expect_problem(500, "internal_error");
        assert!(!answer.text().contains("secret") && !answer.text().contains("hidden"), "{}", answer.text());
        let request_id = answer.json()["requestId"].as_str().unwrap_or_default().to_owned();
        assert_eq!(answer.header("x-request-id"), request_id);
        assert_eq!(request_id.len(), 32);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    app.anonymous().get("/api/test/locale").await.expect(200);
}

#[tokio::test]
async fn places_are_for_whom_they_are_for() {
    let app = app().await;
    let (hana, boss) = (app.user("花").await, app.operator("番頭").await);
    app.anonymous().get("/api/test/me").await.expect_problem(401, "unauthorized");
    app.anonymous().get("/api/test/console").await.expect_problem(401, "unauthorized");
    assert_eq!(hana.client.get("/api/test/me").await.expect(200).text(), "花");
    hana.client.get("/api/test/console").await.expect_problem(404, "not_found");
    assert_eq!(boss.client.get("/api/test/console").await.expect(200).text(), "番頭");
    app.anonymous().with_header("authorization", "Bearer nonsense").get("/api/test/me").await.expect(401);
}

#[tokio::test]
async fn only_our_own_pages_may_post() {
    let app = app().await;
    let body = json!({"priceCents": 50, "answers": {"vibe": "calm"}});
    let with = |headers: &[(&'static str, &str)]| {
        headers.iter().fold(app.anonymous(), |client, (name, value)| client.with_header(name, value))
    };
    let own = app.url.as_str();
    for allowed in [
        &[][..],
        &[("origin", own)],
        &[("origin", own), ("cookie", "a=b")],
        &[("sec-fetch-site", "same-origin"), ("cookie", "a=b")],
    ] {
        with(allowed).post("/api/test/json", &body).await.expect(200);
    }
    let (longer, other_port, other_scheme) =
        (format!("{own}.evil.example"), "http://127.0.0.1:1".to_owned(), own.replace("http", "https"));
    for refused in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("origin", longer.as_str())],
        &[("origin", other_port.as_str())],
        &[("origin", other_scheme.as_str())],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", own)],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "Same-Origin")],
        &[("cookie", "a=b")],
    ] {
        with(refused).post("/api/test/json", &body).await.expect_problem(403, "foreign_origin");
        with(refused).get("/api/test/locale").await.expect(200);
    }
}

#[tokio::test]
async fn everybody_is_answered_in_a_language_of_theirs() {
    let app = app().await;
    for (accept, tag) in [
        ("", "ja"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr, en-GB;q=0.8, ja;q=0.5", "en"),
        ("en;q=0.3, ja;q=0.7", "ja"),
        ("en ; q=0.3 , ja ; q=0.7", "ja"),
        ("ja;q=0, en;q=0.1", "en"),
        ("en;q=0", "ja"),
        ("en;q=nan, fr", "ja"),
        ("*", "ja"),
        (";;;,,,q=1", "ja"),
    ] {
        let answer = app.anonymous().with_header("accept-language", accept).get("/api/test/locale").await.expect(200);
        assert_eq!((answer.text().as_str(), answer.header("content-language")), (tag, tag), "{accept:?}");
    }
    let client = app.anonymous().with_header("accept-language", "ja");
    assert_eq!(client.clone().with_header("cookie", "machiya_locale=en").get("/api/test/locale").await.text(), "en");
    assert_eq!(client.get("/api/test/locale?lang=en").await.text(), "en");
    let title = async |tag: &str| -> Value {
        app.anonymous().with_header("accept-language", tag).get("/api/nowhere").await.expect(404).json()["title"]
            .clone()
    };
    let (japanese, english) = (title("ja").await, title("en").await);
    assert_ne!(japanese, english);
    assert!(english.as_str().is_some_and(|title| title.is_ascii() && !title.contains("error-")), "{english}");
}

#[tokio::test]
async fn over_tls_a_session_is_tied_to_the_host() {
    let public = [("MACHIYA_PUBLIC_URL", "https://app.example.jp")];
    let app = TestApp::start_with(&public, |_| (Router::new(), Registry::new())).await;
    let account = [("email", "hana@example.jp"), ("password", testkit::TestUser::PASSWORD), ("displayName", "花")];
    let entered = app.anonymous().as_browser().post_form("/signup", &account).await.expect(303);
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("__Host-machiya_session=machiya_"), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let page = app.anonymous().as_browser().get("/signup").await.expect(200);
    assert_eq!(page.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    // A cookie of the plain name is not believed there.
    let planted = cookie.split(';').next().unwrap_or_default().replace("__Host-", "");
    let answer = app.anonymous().as_browser().with_header("cookie", &planted).get("/api/auth/me").await;
    answer.expect_problem(401, "unauthorized");
    let held = cookie.split(';').next().unwrap_or_default();
    app.anonymous().as_browser().with_header("cookie", held).get("/api/auth/me").await.expect(200);
}
