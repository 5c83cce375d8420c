//! Links against a real database.

use kernel::{Locale, UserId};
use platform::jobs::Registry;
use platform::mail::{self, NewMail};
use testkit::TestApp;
use time::Duration;

use super::consume::{check_link, consume_link};
use super::issue::issue;
use super::model::{LinkError, LinkPurpose, LinkUrl};
use crate::users::{self, EmailAddress};

async fn app() -> TestApp {
    TestApp::start(|_| (axum::Router::new(), Registry::new())).await
}

async fn issued(app: &TestApp, user_id: UserId, purpose: LinkPurpose) -> LinkUrl {
    let mut tx = app.tx().await;
    let link = issue(&app.ctx(), &mut tx, user_id, purpose).await.unwrap();
    tx.commit().await.unwrap();
    link
}

async fn used(app: &TestApp, code: &str, purpose: LinkPurpose) -> Result<UserId, LinkError> {
    let mut tx = app.tx().await;
    let link = consume_link(&app.ctx(), &mut tx, code, purpose).await?;
    tx.commit().await.unwrap();
    Ok(link.user_id)
}

#[tokio::test]
async fn a_link_works_once_for_its_purpose_and_its_time() {
    let app = app().await;
    let hana = app.user("花").await;
    let link = issued(&app, hana.id, LinkPurpose::Recovery).await;
    // Another purpose, and a secret that is bent: as if there were none.
    assert!(matches!(used(&app, link.code(), LinkPurpose::SetPassword).await, Err(LinkError::Unknown)));
    let bent = format!("{}A", &link.code()[..link.code().len() - 1]);
    let other = if bent == link.code() { format!("{}B", &bent[..bent.len() - 1]) } else { bent };
    assert!(matches!(used(&app, &other, LinkPurpose::Recovery).await, Err(LinkError::Unknown)));
    assert!(matches!(used(&app, "", LinkPurpose::Recovery).await, Err(LinkError::Unknown)));
    // Looking changes nothing, however often.
    for _ in 0..3 {
        let mut tx = app.tx().await;
        assert_eq!(check_link(&app.ctx(), &mut tx, link.code(), LinkPurpose::Recovery).await.unwrap().user_id, hana.id);
        tx.commit().await.unwrap();
    }
    assert_eq!(used(&app, link.code(), LinkPurpose::Recovery).await.unwrap(), hana.id);
    assert!(matches!(used(&app, link.code(), LinkPurpose::Recovery).await, Err(LinkError::Used)));

    let late = issued(&app, hana.id, LinkPurpose::Recovery).await;
    app.advance(Duration::hours(1));
    assert!(matches!(used(&app, late.code(), LinkPurpose::Recovery).await, Err(LinkError::Expired)));
    let welcome = issued(&app, hana.id, LinkPurpose::SetPassword).await;
    app.advance(Duration::hours(71));
    assert_eq!(used(&app, welcome.code(), LinkPurpose::SetPassword).await.unwrap(), hana.id);
}

#[tokio::test]
async fn twenty_at_once_use_a_link_once() {
    let app = app().await;
    let hana = app.user("花").await;
    let link = issued(&app, hana.id, LinkPurpose::VerifyEmail).await;
    let tries = (0..20).map(|_| used(&app, link.code(), LinkPurpose::VerifyEmail));
    let outcomes = futures::future::join_all(tries).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(LinkError::Used))).count(), 19);
}

#[tokio::test]
async fn a_link_speaks_for_the_address_it_was_sent_to() {
    let app = app().await;
    let hana = app.user("花").await;
    let link = issued(&app, hana.id, LinkPurpose::Recovery).await;
    let mut tx = app.tx().await;
    assert!(users::queries::change_email(&mut tx, hana.id, "moved@example.jp", app.ctx().now()).await.unwrap());
    tx.commit().await.unwrap();
    assert!(matches!(used(&app, link.code(), LinkPurpose::Recovery).await, Err(LinkError::Expired)));
}

#[tokio::test]
async fn only_a_hash_is_stored_and_mails_are_cleared_of_links_that_are_over() {
    let app =
        TestApp::start(|app| (axum::Router::new(), mail::register(mail::Mailer::new(&app.config.mail).unwrap()))).await;
    let hana = app.user("花").await;
    let (used_link, late_link) =
        (issued(&app, hana.id, LinkPurpose::Recovery).await, issued(&app, hana.id, LinkPurpose::SetPassword).await);
    for (number, link) in [&used_link, &late_link].into_iter().enumerate() {
        let mut tx = app.tx().await;
        let mail = NewMail {
            dedupe_key: format!("test/{number}"),
            recipient_id: Some(hana.id),
            recipient_address: hana.email.clone(),
            locale: Locale::Ja,
            subject: "リンク".to_owned(),
            body_text: format!("こちら: {}\nまた明日。", link.absolute(&app.state.config)),
        };
        mail::write(&app.ctx(), &mut tx, &mail).await.unwrap();
        tx.commit().await.unwrap();
    }
    let bodies = "select string_agg(body_text, '|' order by dedupe_key) from mails";
    app.drain().await;
    let sent: String = app.value(bodies).await;
    assert!(sent.contains(used_link.code()) && sent.contains(late_link.code()));
    let rows: String = app.value("select string_agg(l::text, '') from one_time_links l").await;
    assert!(!rows.contains(&used_link.code()[32..]) && !rows.contains(&late_link.code()[32..]));

    used(&app, used_link.code(), LinkPurpose::Recovery).await.unwrap();
    app.upkeep().await;
    let after: String = app.value(bodies).await;
    assert!(!after.contains(&used_link.code()[32..]) && after.contains(late_link.code()), "{after}");
    app.advance(Duration::hours(73));
    app.upkeep().await;
    let over: String = app.value(bodies).await;
    assert!(!over.contains(&late_link.code()[32..]) && over.contains("また明日。"), "{over}");
}

#[tokio::test]
async fn an_address_belongs_to_one_account_however_many_ask_at_once() {
    let app = app().await;
    let email = EmailAddress::parse("new@example.jp").unwrap();
    let made = futures::future::join_all((0..10).map(|_| async {
        let mut tx = app.tx().await;
        let found = users::find_or_create_by_email(&app.ctx(), &mut tx, &email, "", Locale::En).await.unwrap();
        tx.commit().await.unwrap();
        found
    }))
    .await;
    assert_eq!(made.iter().filter(|(_, is_new)| *is_new).count(), 1);
    assert!(made.windows(2).all(|pair| pair[0].0 == pair[1].0));
    let mut tx = app.tx().await;
    let account = users::account(&mut tx, made[0].0).await.unwrap().unwrap();
    assert_eq!((account.display_name.as_str(), account.is_verified()), ("Newcomer", false));
}
