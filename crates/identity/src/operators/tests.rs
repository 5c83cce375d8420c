//! Operators are made and unmade.

use axum::Router;
use kernel::Role;
use platform::jobs::Registry;
use testkit::TestApp;

use super::{grant, revoke};
use crate::users::{self, EmailAddress};

#[tokio::test]
async fn a_role_ends_the_sessions_that_began_without_it() {
    let app = TestApp::start(|_| (Router::new(), Registry::new())).await;
    let hana = app.user("花").await;
    let email = EmailAddress::parse(&hana.email).expect("an address");
    let (ctx, mut tx) = (app.ctx(), app.tx().await);
    assert!(!grant(&ctx, &app.state, &mut tx, &email).await.expect("granted"), "a second factor is missing");
    tx.commit().await.expect("committed");
    hana.client.get("/api/auth/me").await.expect_problem(401, "unauthorized");
    let mut tx = app.tx().await;
    assert_eq!(users::account(&mut tx, hana.id).await.expect("answers").map(|account| account.role), Some(Role::Admin));
    let again = grant(&ctx, &app.state, &mut tx, &email).await.expect_err("once is enough");
    assert!(again.to_string().contains("is an operator already"), "{again}");
    revoke(&ctx, &app.state, &mut tx, &email).await.expect("revoked");
    assert!(revoke(&ctx, &app.state, &mut tx, &email).await.is_err());
    let nobody = EmailAddress::parse("nobody@example.jp").expect("an address");
    let unknown = grant(&ctx, &app.state, &mut tx, &nobody).await.expect_err("nobody");
    assert_eq!(unknown.to_string(), "there is no account with the mail address nobody@example.jp");
    tx.commit().await.expect("committed");
    let noted: i64 = app.value("select count(*) from audit_logs where action = 'users.role'").await;
    let notices: i64 = app.value("select count(*) from mails where dedupe_key like 'factors-operator-%'").await;
    assert_eq!((noted, notices), (2, 2));
}
