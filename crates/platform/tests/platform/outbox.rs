//! Mail leaves once, late if it must, and never with somebody else's headers.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use kernel::Locale;
use platform::config::{MailSettings, MailTransport};
use platform::jobs::Registry;
use platform::mail::{self, Mailer, NewMail};
use testkit::TestApp;
use time::Duration;

use crate::smtp::{Mood, SmtpDouble};

const SENDER: &str = "Machiya <house@example.jp>";

fn new_mail(key: &str) -> NewMail {
    NewMail {
        dedupe_key: key.to_owned(),
        recipient_id: None,
        recipient_address: "hana@example.jp".to_owned(),
        locale: Locale::Ja,
        subject: "ご購入ありがとうございます".to_owned(),
        body_text: "花さん\n\n.点で始まる行\nライセンスを同封します。\n".to_owned(),
    }
}

async fn write(app: &TestApp, mail: &NewMail) -> Result<(), platform::DatabaseError> {
    let mut tx = app.tx().await;
    mail::write(&app.ctx(), &mut tx, mail).await?;
    tx.commit().await
}

async fn states(app: &TestApp) -> String {
    app.value("select coalesce(string_agg(state, ' ' order by dedupe_key), '') from public.mails").await
}

fn registry(transport: MailTransport) -> Registry {
    mail::register(Mailer::new(&MailSettings { from: SENDER.to_owned(), transport }).unwrap())
}

async fn app_with(transport: MailTransport) -> TestApp {
    TestApp::start(|_| (Router::new(), registry(transport))).await
}

/// An installation whose mail goes to an SMTP double.
async fn smtp_app() -> (TestApp, SmtpDouble) {
    let tasks = platform::tasks::Tasks::default();
    let double = SmtpDouble::start(&tasks).await;
    let app = app_with(MailTransport::Smtp(double.url.clone().into())).await;
    (app, double)
}

#[tokio::test]
async fn one_mail_a_reason() {
    let app = app_with(MailTransport::Outbox).await;
    for _ in 0..3 {
        write(&app, &new_mail("order-paid/1/buyer")).await.unwrap();
    }
    write(&app, &new_mail("order-paid/1/seller")).await.unwrap();
    assert_eq!(app.drain().await.succeeded, 2);
    assert_eq!(states(&app).await, "sent sent");
    let mut tx = app.tx().await;
    assert_eq!(mail::recent(&mut tx, 10).await.unwrap().len(), 2);
    drop(tx);

    // What is rolled back was never written.
    let mut tx = app.tx().await;
    mail::write(&app.ctx(), &mut tx, &new_mail("order-paid/2/buyer")).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(app.drain().await.succeeded, 0);
}

#[tokio::test]
async fn headers_cannot_be_slipped_in() {
    let (app, double) = smtp_app().await;
    let bent = [
        NewMail { recipient_address: "hana@example.jp\r\nBcc: spy@example.jp".to_owned(), ..new_mail("1") },
        NewMail { recipient_address: "hana@example.jp\nBcc: spy@example.jp".to_owned(), ..new_mail("2") },
        NewMail { subject: "hello\r\nBcc: spy@example.jp".to_owned(), ..new_mail("3") },
        NewMail { subject: "hello\r\n\r\nanother body".to_owned(), ..new_mail("4") },
    ];
    for mail in bent {
        let fault = write(&app, &mail).await.expect_err("it is more than one line");
        assert_eq!(fault.as_database_error().and_then(|error| error.code()).as_deref(), Some("23514"), "{fault}");
    }
    assert_eq!(states(&app).await, "");
    // What the database cannot see, the mail library refuses or encodes.
    let two = NewMail { recipient_address: "hana@example.jp, spy@example.jp".to_owned(), ..new_mail("5") };
    write(&app, &two).await.unwrap();
    let odd = NewMail { subject: "a\u{b}b\u{2028}Bcc: spy@example.jp".to_owned(), ..new_mail("6") };
    write(&app, &odd).await.unwrap();
    app.drain().await;
    assert_eq!(states(&app).await, "failed sent");
    let taken = double.taken().concat();
    assert!(!taken.lines().any(|line| line.starts_with("Bcc")), "{taken}");
}

#[tokio::test]
async fn mail_arrives_as_it_was_written() {
    let (app, double) = smtp_app().await;
    write(&app, &new_mail("a")).await.unwrap();
    assert_eq!(app.drain().await.succeeded, 1);
    let taken = double.taken();
    let [mail] = taken.as_slice() else { panic!("one mail: {taken:?}") };
    for part in [
        "From: Machiya <house@example.jp>",
        "To: hana@example.jp",
        "Subject: =?utf-8?b?",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(mail.contains(part), "{part} in {mail}");
    }
    assert!(!mail.contains("\r\n."), "a line that begins with a dot is encoded or doubled: {mail}");
}

/// The mail server hangs up on everybody for an hour of the platform's clock.
#[tokio::test]
async fn a_mail_server_that_is_away_delays_mail_and_nothing_else() {
    let (app, double) = smtp_app().await;
    double.turn(Mood::Away);
    write(&app, &new_mail("a")).await.unwrap();
    write(&app, &new_mail("b")).await.unwrap();
    let mut tries = 0;
    for _ in 0..60 {
        tries += app.drain().await.others;
        app.advance(Duration::minutes(1));
    }
    assert!((8..40).contains(&tries), "tried later and later: {tries}");
    assert_eq!((states(&app).await.as_str(), double.taken().len()), ("queued queued", 0));
    double.turn(Mood::Well);
    app.advance(Duration::hours(1));
    assert_eq!(app.drain().await.succeeded, 2);
    assert_eq!((states(&app).await.as_str(), double.taken().len()), ("sent sent", 2));
    app.advance(Duration::days(1));
    app.upkeep().await;
    assert_eq!(double.taken().len(), 2);
}

#[tokio::test]
async fn what_a_server_says_for_good_is_final_and_the_rest_is_not() {
    for (code, state) in
        [(550, "failed"), (553, "failed"), (450, "queued"), (421, "queued"), (535, "queued"), (530, "queued")]
    {
        let (app, double) = smtp_app().await;
        double.turn(Mood::Refusing(code));
        write(&app, &new_mail("a")).await.unwrap();
        app.drain().await;
        assert_eq!(states(&app).await, state, "{code}");
    }
}

#[derive(Clone, Default)]
struct ResendDouble {
    answers: Arc<Mutex<Vec<u16>>>,
    asked: Arc<Mutex<Vec<(HeaderMap, serde_json::Value)>>>,
}

async fn resend_app(answers: &[u16]) -> (TestApp, ResendDouble) {
    let double = ResendDouble { answers: Arc::new(Mutex::new(answers.to_vec())), ..ResendDouble::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let server = double.clone();
    let answer = move |headers: HeaderMap, axum::Json(body): axum::Json<serde_json::Value>| {
        let server = server.clone();
        async move {
            server.asked.lock().unwrap().push((headers, body));
            let mut answers = server.answers.lock().unwrap();
            let status = if answers.is_empty() { 200 } else { answers.remove(0) };
            (StatusCode::from_u16(status).unwrap(), axum::Json(serde_json::json!({"id": "1"})))
        }
    };
    let app = app_with(MailTransport::Resend { api_key: "re_secret".to_owned().into(), base_url }).await;
    let stopping = app.state.tasks.clone();
    app.state.tasks.spawn(async move {
        let routes = Router::new().route("/emails", post(answer));
        axum::serve(listener, routes).with_graceful_shutdown(async move { stopping.stopping().await }).await.unwrap();
    });
    (app, double)
}

#[tokio::test]
async fn resend_is_asked_with_one_key_however_often() {
    let (app, double) = resend_app(&[500, 429, 200]).await;
    write(&app, &new_mail("a")).await.unwrap();
    for _ in 0..4 {
        app.drain().await;
        app.advance(Duration::minutes(10));
    }
    assert_eq!(states(&app).await, "sent");
    let asked = double.asked.lock().unwrap();
    assert_eq!(asked.len(), 3);
    let keys: std::collections::BTreeSet<_> =
        asked.iter().map(|(headers, _)| headers["idempotency-key"].clone()).collect();
    assert_eq!(keys.len(), 1, "the provider can tell that it is the same mail");
    let (headers, body) = &asked[0];
    assert_eq!(headers["authorization"], "Bearer re_secret");
    assert_eq!(body["to"], serde_json::json!(["hana@example.jp"]));
    assert_eq!((&body["from"], &body["subject"]), (&SENDER.into(), &"ご購入ありがとうございます".into()));
}

#[tokio::test]
async fn a_wrong_key_at_resend_loses_no_mail_and_a_wrong_address_does() {
    for (status, state) in [(401, "queued"), (403, "queued"), (422, "failed"), (400, "failed"), (503, "queued")] {
        let (app, _double) = resend_app(&[status]).await;
        write(&app, &new_mail("a")).await.unwrap();
        app.drain().await;
        assert_eq!(states(&app).await, state, "{status}");
    }
    let (app, _double) = resend_app(&[422]).await;
    write(&app, &new_mail("a")).await.unwrap();
    app.drain().await;
    let errors: String = app.value("select last_error from public.jobs").await;
    assert!(!errors.contains("re_secret"), "{errors}");
}
