//! No connection without an actor, and nothing of an actor left on a connection.

use std::task::Poll;
use std::time::Duration;

use kernel::{Actor, Clock, Ctx, Locale, Random, SystemReason, UserId};
use platform::db::DatabaseAddresses;
use platform::{Database, Problem, Tx};
use sqlx::{AssertSqlSafe, Row as _};
use testkit::cluster::{TestDatabase, fresh_database};
use uuid::Uuid;

use crate::apps::person;

fn ctx(actor: Actor) -> Ctx {
    Ctx::new(actor, Clock::System, Random::system(), Locale::Ja)
}

/// Both pools with a single connection each, so that whatever one transaction leaves behind meets the next.
fn narrow(database: &TestDatabase) -> Database {
    let (web_url, service_url) = (database.web_url().to_owned(), database.service_url().to_owned());
    Database::open(&DatabaseAddresses { web_url, service_url, pool_size: 1 }).unwrap()
}

async fn text(tx: &mut Tx, expression: &str) -> String {
    let statement = format!("select coalesce(({expression})::text, 'null')");
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn a_transaction_knows_who_acts_and_how_long_it_may_take() {
    let database = fresh_database().await;
    let db = narrow(&database);
    let hana = UserId::from(Uuid::from_u128(7));

    let mut tx = db.begin_as(&ctx(person(7))).await.unwrap();
    assert_eq!(text(&mut tx, "current_user").await, "authenticated");
    assert_eq!(text(&mut tx, "session_user").await, "machiya_web");
    assert_eq!(text(&mut tx, "auth.uid()").await, hana.to_string());
    assert_eq!(text(&mut tx, "auth.role()").await, "authenticated");
    assert_eq!(text(&mut tx, "current_setting('statement_timeout')").await, "10s");
    assert_eq!(text(&mut tx, "current_setting('lock_timeout')").await, "5s");
    assert_eq!(text(&mut tx, "current_setting('idle_in_transaction_session_timeout')").await, "30s");
    tx.commit().await.unwrap();

    for actor in [Actor::Anonymous, Actor::System(SystemReason::Job)] {
        let mut tx = db.begin_as(&ctx(actor)).await.unwrap();
        assert_eq!(text(&mut tx, "current_user").await, "anon");
        assert_eq!(text(&mut tx, "auth.uid()").await, "null");
        tx.rollback().await.unwrap();
    }

    let mut tx = db.begin_system(SystemReason::Webhook).await.unwrap();
    assert_eq!(text(&mut tx, "current_user").await, "service_role");
    assert_eq!(text(&mut tx, "session_user").await, "machiya_service");
    assert_eq!(text(&mut tx, "auth.jwt() ->> 'reason'").await, "webhook");
    assert_eq!(text(&mut tx, "current_setting('statement_timeout')").await, "1min");
}

#[tokio::test]
async fn a_transaction_leaves_nothing_behind() {
    let database = fresh_database().await;
    let db = narrow(&database);
    for how in ["commit", "rollback", "drop", "refused commit", "failed statement"] {
        let mut tx = db.begin_as(&ctx(person(7))).await.unwrap();
        let backend = text(&mut tx, "pg_backend_pid()").await;
        match how {
            "commit" => tx.commit().await.unwrap(),
            "rollback" => tx.rollback().await.unwrap(),
            "drop" => drop(tx),
            "refused commit" => {
                sqlx::raw_sql("create temporary table late (x int unique deferrable initially deferred); insert into late values (1), (1)")
                    .execute(tx.conn())
                    .await
                    .unwrap();
                tx.commit().await.expect_err("the constraint is checked at commit");
            }
            _ => {
                sqlx::raw_sql("select 1 / 0").execute(tx.conn()).await.expect_err("a division by zero");
                drop(tx);
            }
        }
        let mut next = db.begin_as(&ctx(Actor::Anonymous)).await.unwrap();
        assert_eq!(text(&mut next, "pg_backend_pid()").await, backend, "{how}: the same connection");
        // Outside any transaction, as the log-in itself.
        sqlx::raw_sql("rollback").execute(next.conn()).await.unwrap();
        let row = sqlx::query(
            "select current_user::text, coalesce(current_setting('request.jwt.claims', true), ''),
                    current_setting('statement_timeout'), current_setting('lock_timeout'),
                    (select count(*) from pg_class where relname = 'late')",
        )
        .fetch_one(next.conn())
        .await
        .unwrap();
        let left: (String, String, String, String, i64) = (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
        let nothing = ("machiya_web".to_owned(), String::new(), "0".to_owned(), "0".to_owned(), 0);
        assert_eq!(left, nothing, "{how}");
    }
}

/// A pool whose log-in may not take the role: `BEGIN` succeeds and the rest of the preamble does not.
#[tokio::test]
async fn a_begin_that_fails_gives_no_connection_back() {
    let database = fresh_database().await;
    let addresses = DatabaseAddresses {
        web_url: database.service_url().to_owned(),
        service_url: database.web_url().to_owned(),
        pool_size: 1,
    };
    let db = Database::open(&addresses).unwrap();
    for _ in 0..5 {
        for begun in [db.begin_as(&ctx(person(7))).await, db.begin_system(SystemReason::Job).await] {
            let error = begun.expect_err("the role is another log-in's");
            // 25P02 would be an aborted transaction that an earlier caller left.
            assert_eq!(error.as_database_error().and_then(|error| error.code()).as_deref(), Some("42501"), "{error}");
        }
    }
    db.check().await.expect_err("who may become nobody serves nobody");
}

#[tokio::test]
async fn a_begin_that_is_cancelled_leaves_no_role() {
    let database = fresh_database().await;
    let db = narrow(&database);
    let mut cancelled = 0;
    for step in 0..60 {
        // Cancelled at its first, second, third … wait for the server, whatever the machine is doing meanwhile.
        let (waits_allowed, mut waits) = (step % 4, 0);
        let somebody = ctx(person(7));
        let begun = {
            let mut begin = std::pin::pin!(db.begin_as(&somebody));
            std::future::poll_fn(|context| match begin.as_mut().poll(context) {
                Poll::Ready(begun) => Poll::Ready(Some(begun)),
                Poll::Pending if waits == waits_allowed => Poll::Ready(None),
                Poll::Pending => {
                    waits += 1;
                    Poll::Pending
                }
            })
            .await
        };
        if begun.is_none() {
            cancelled += 1;
        }
        drop(begun);
        let mut tx = db.begin_as(&ctx(Actor::Anonymous)).await.unwrap();
        assert_eq!(text(&mut tx, "current_user").await, "anon");
        assert_eq!(text(&mut tx, "auth.uid()").await, "null");
        tx.commit().await.unwrap();
    }
    assert!(cancelled >= 15, "every fourth is cancelled at its first wait: {cancelled}");
}

#[tokio::test]
async fn a_statement_that_is_cancelled_does_not_poison_the_pool() {
    let database = fresh_database().await;
    let db = narrow(&database);
    for _ in 0..3 {
        let mut tx = db.begin_system(SystemReason::Job).await.unwrap();
        let slow = sqlx::query("select pg_sleep(0.2), set_config('request.jwt.claims', '{\"sub\":\"x\"}', true)");
        tokio::time::timeout(Duration::from_millis(30), slow.execute(tx.conn())).await.expect_err("it is slower");
        drop(tx);
        let mut next = db.begin_system(SystemReason::Maintenance).await.unwrap();
        assert_eq!(text(&mut next, "auth.jwt() ->> 'reason'").await, "maintenance");
        next.commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_takes_too_long_is_ended_and_said_so() {
    let database = fresh_database().await;
    let db = narrow(&database);
    let mut tx = db.begin_as(&ctx(person(7))).await.unwrap();
    sqlx::raw_sql("set local statement_timeout = '50ms'").execute(tx.conn()).await.unwrap();
    let error = sqlx::raw_sql("select pg_sleep(5)").execute(tx.conn()).await.expect_err("it takes too long");
    let problem = Problem::from(error);
    assert_eq!((problem.status().as_u16(), problem.code()), (503, "database_unavailable"));
    drop(tx);

    let blocker = Database::open(&DatabaseAddresses {
        web_url: database.web_url().to_owned(),
        service_url: database.service_url().to_owned(),
        pool_size: 2,
    })
    .unwrap();
    let mut first = blocker.begin_system(SystemReason::Job).await.unwrap();
    let take = "select pg_advisory_xact_lock(1)";
    sqlx::raw_sql(take).execute(first.conn()).await.unwrap();
    let mut second = blocker.begin_system(SystemReason::Job).await.unwrap();
    sqlx::raw_sql("set local lock_timeout = '50ms'").execute(second.conn()).await.unwrap();
    let problem = Problem::from(sqlx::raw_sql(take).execute(second.conn()).await.expect_err("somebody holds it"));
    assert_eq!((problem.status().as_u16(), problem.code()), (503, "database_unavailable"));
}

#[tokio::test]
async fn an_injected_statement_cannot_become_the_service_role() {
    let database = fresh_database().await;
    let db = narrow(&database);
    for injected in [
        "reset role; set local role service_role",
        "set local role service_role",
        "select set_config('role', 'service_role', true)",
        "reset role; select count(*) from public.user_passwords",
        "commit; select count(*) from public.sessions",
    ] {
        let mut tx = db.begin_as(&ctx(person(7))).await.unwrap();
        let error = sqlx::raw_sql(injected).execute(tx.conn()).await.expect_err(injected);
        assert_eq!(
            error.as_database_error().and_then(|error| error.code()).as_deref(),
            Some("42501"),
            "{injected}: {error}"
        );
        drop(tx);
        let mut next = db.begin_as(&ctx(Actor::Anonymous)).await.unwrap();
        assert_eq!(text(&mut next, "current_user").await, "anon");
        next.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_audit_log_takes_rows_and_gives_none_back() {
    let app = testkit::TestApp::start(|_| (axum::Router::new(), platform::jobs::Registry::new())).await;
    let hana = app.user("花").await;
    let mut tx = app.tx().await;
    let diff = serde_json::json!({"is_banned": true});
    platform::audit::record(&hana.ctx, &mut tx, "users.ban", "user", Some(hana.id.uuid()), &diff).await.unwrap();
    tx.commit().await.unwrap();
    let written: String =
        app.value("select actor_kind || ' ' || diff::text from public.audit_logs where action = 'users.ban'").await;
    assert_eq!(written, "user {\"is_banned\": true}");
    let mut owner = <sqlx::PgConnection as sqlx::Connection>::connect(app.database.superuser_url()).await.unwrap();
    for statement in [
        "update public.audit_logs set action = 'users.praise'",
        "delete from public.audit_logs",
        "truncate public.audit_logs",
    ] {
        sqlx::raw_sql(statement).execute(&mut owner).await.expect_err(statement);
    }
}
