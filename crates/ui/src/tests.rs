//! The frame, the problems, the switches and the shared copies, through a real router.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use kernel::{AccountStatus, Actor, Role, UserActor};
use platform::App;
use platform::http::{Member, Problem, ResponseCaching, cache_responses, localise_problems, request_facts};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tower::ServiceExt as _;

use crate::stand_in::app_without_database;
use crate::{Page, redirect_with_toast, shell, style_guide, switches};

fn app(settings: &[(&str, &str)]) -> App {
    app_without_database(settings, &std::env::temp_dir().join("machiya-ui-tests")).unwrap()
}

fn in_frame(app: &App, routes: Router<App>) -> Router {
    routes
        .merge(switches::routes())
        .merge(style_guide::routes())
        .layer(from_fn_with_state(app.clone(), shell::wrap))
        .layer(from_fn_with_state(ResponseCaching::new(app.clone(), shell::cache_rules("session")), cache_responses))
        .layer(from_fn_with_state(app.clone(), localise_problems))
        .layer(from_fn_with_state(app.clone(), request_facts))
        .with_state(app.clone())
}

async fn ask(app: &Router, request: Request<Body>) -> (Response<()>, String) {
    let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    (Response::from_parts(parts, ()), String::from_utf8_lossy(&bytes).into_owned())
}

fn visit(address: &str) -> axum::http::request::Builder {
    Request::get(address).header(header::ACCEPT, "text/html,*/*;q=0.8")
}

fn header<'a>(response: &'a Response<()>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn hanako() -> Actor {
    let user = UserActor {
        user_id: kernel::UserId::from(uuid::Uuid::nil()),
        session_id: kernel::SessionId::from(uuid::Uuid::nil()),
        role: Role::User,
        status: AccountStatus::Active,
        display_name: "<b>花子</b>".to_owned(),
    };
    Actor::User(user)
}

fn hello() -> Router<App> {
    let page = || async { Page::new("<Hello>", "<p>こんにちは</p>").canonical("/hello?a=1").island("gallery") };
    Router::new().route("/hello", get(page))
}

#[tokio::test]
async fn a_page_gets_its_frame_and_its_policy() {
    let app = in_frame(&app(&[]), hello());
    let request =
        visit("/hello").header("cookie", "machiya_theme=dark").extension(hanako()).body(Body::empty()).unwrap();
    let (response, html) = ask(&app, request).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(html.contains(r#"<html lang="ja" data-theme="dark">"#), "{html}");
    assert!(html.contains("<title>&#60;Hello&#62; | Machiya</title>") && html.contains("<p>こんにちは</p>"), "{html}");
    assert!(html.contains("&#60;b&#62;花子") && !html.contains("<b>花子"), "a name is text");
    assert!(html.contains(r#"hreflang="en" href="http://127.0.0.1:8080/hello?a=1&#38;lang=en""#), "{html}");
    let policy = header(&response, "content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert!(nonce.len() >= 22 && html.contains(&format!(r#"nonce="{nonce}""#)));
    assert!(
        policy.contains("'strict-dynamic'") && policy.contains("trusted-types 'none'") && !policy.contains("unsafe")
    );
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    assert!(!html.contains(" style=") && !html.contains(" onclick="), "neither inline styles nor handlers");
    let (again, _) = ask(&app, visit("/hello").body(Body::empty()).unwrap()).await;
    assert_ne!(header(&again, "content-security-policy"), policy, "a nonce is used once");
}

#[tokio::test]
async fn people_get_calm_pages_and_programs_get_problems() {
    let broken = || async { Err::<Page, _>(Problem::internal(anyhow::anyhow!("the password is hunter2"))) };
    let routes = Router::new()
        .route("/broken", get(broken))
        .route("/mine", get(|_: Member| async { Page::new("", "") }))
        .route("/api/broken", get(broken))
        .fallback(|| async { Problem::not_found() });
    let app = in_frame(&app(&[]), routes);

    let (response, html) =
        ask(&app, visit("/broken").header("accept-language", "en").body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        html.contains("Something went wrong on our side") && html.contains("<footer") && !html.contains("hunter2"),
        "{html}"
    );

    let (response, html) = ask(&app, visit("/nowhere").body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(html.contains("ページが見つかりません") && html.contains("noindex"), "{html}");

    let (response, json) = ask(&app, visit("/api/broken").body(Body::empty()).unwrap()).await;
    assert_eq!(header(&response, "content-type"), "application/problem+json");
    assert!(json.contains(r#""error":"internal_error""#) && !json.contains("hunter2"), "{json}");

    let (response, _) = ask(&app, visit("/mine?a=1&b=2").body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(header(&response, "location"), "/login?next=%2Fmine%3Fa%3D1%26b%3D2");
}

#[tokio::test]
async fn strangers_share_a_copy_and_members_never_get_it() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let page = move || {
        let number = counted.fetch_add(1, Ordering::SeqCst);
        async move { Page::new("", format!("<p>visit {number}</p>")).shared(time::Duration::seconds(60)) }
    };
    let app = in_frame(&app(&[]), Router::new().route("/", get(page)));
    let (first, first_html) = ask(&app, visit("/").body(Body::empty()).unwrap()).await;
    let (second, second_html) = ask(&app, visit("/").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (first_html.as_str(), first.headers()["vary"].as_bytes()),
        (second_html.as_str(), second.headers()["vary"].as_bytes())
    );
    assert_eq!(header(&second, "content-security-policy"), header(&first, "content-security-policy"));
    assert_eq!(header(&second, "x-content-type-options"), "nosniff", "a copy is as guarded as the original");

    let (packed, _) = ask(&app, visit("/").header("accept-encoding", "gzip, br").body(Body::empty()).unwrap()).await;
    assert_eq!(header(&packed, "content-encoding"), "br");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the handler was asked once");

    let (_, member) = ask(&app, visit("/").extension(hanako()).body(Body::empty()).unwrap()).await;
    assert!(member.contains("visit 1") && member.contains("花子"));
    let (_, english) = ask(&app, visit("/?lang=en").body(Body::empty()).unwrap()).await;
    assert!(english.contains("visit 2") && english.contains(r#"lang="en""#));
    let long = format!("/?q={}", "x".repeat(3_000));
    let (_, elsewhere) = ask(&app, visit(&long).body(Body::empty()).unwrap()).await;
    assert!(elsewhere.contains("visit 3"), "another address is another page, however long");
    let (_, stranger) = ask(&app, visit("/").body(Body::empty()).unwrap()).await;
    assert!(stranger.contains("visit 0") && !stranger.contains("花子"));
}

#[tokio::test]
async fn switches_remember_and_lead_back_home() {
    let app = in_frame(&app(&[("MACHIYA_PUBLIC_URL", "https://machiya.example")]), hello());
    let send = |path: &str, form: &'static str| {
        Request::post(path).header("content-type", "application/x-www-form-urlencoded").body(Body::from(form)).unwrap()
    };
    let (response, _) = ask(&app, send("/language", "language=en&next=%2Fhello%3Flang%3Dja%26a%3D1")).await;
    assert_eq!((response.status(), header(&response, "location")), (StatusCode::SEE_OTHER, "/hello?a=1"));
    let cookie = header(&response, "set-cookie");
    assert!(
        cookie.starts_with("machiya_locale=en;") && cookie.contains("Secure") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    let (response, _) = ask(&app, send("/theme", "theme=dark&next=https%3A%2F%2Fevil.example")).await;
    assert_eq!(header(&response, "location"), "/");
    assert!(header(&response, "set-cookie").starts_with("machiya_theme=dark;"));
    let (response, _) = ask(&app, send("/theme", "theme=purple")).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_is_said_after_a_redirect_is_said_once() {
    let app = app(&[]);
    let saved = redirect_with_toast(&app.config, "/hello", "success", "saved");
    let cookie = saved.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let app = in_frame(&app, hello());
    let (response, html) = ask(&app, visit("/hello").header("cookie", cookie).body(Body::empty()).unwrap()).await;
    assert!(html.contains("保存しました"), "{html}");
    assert!(header(&response, "set-cookie").contains("machiya_toast=;"), "{response:?}");
    let (_, html) = ask(&app, visit("/hello").body(Body::empty()).unwrap()).await;
    assert!(!html.contains("保存しました"));
}

#[tokio::test]
async fn the_style_guide_is_for_development() {
    let (response, html) =
        ask(&in_frame(&app(&[]), Router::new()), visit("/dev/style").body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(html.contains("data-island=\"studio\"") && !html.contains(" style="));
}

/// Every `icon("…")` and `icon="…"` in any template of any crate names an icon that is drawn.
#[test]
fn every_icon_named_in_a_template_exists() {
    let mut seen = 0;
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut folders = vec![crates.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                let text = std::fs::read_to_string(&path).unwrap();
                for opening in ["ui::icon(\"", "icon=\"", "icon_button(\""] {
                    for name in text.split(opening).skip(1).filter_map(|rest| rest.split('"').next()) {
                        seen += 1;
                        assert!(!crate::icon(name).0.is_empty(), "{} names the icon {name}", path.display());
                    }
                }
            }
        }
    }
    assert!(seen > 30);
}
