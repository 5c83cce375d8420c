//! A database that Supabase made: its roles, its `auth`, an owner who may little there. Nothing of it is changed, the
//! roles may the same as on a database of one's own, and the platform works.

use identity::passwords;
use identity::sessions::{self, SessionKind};
use identity::users::{self, NewAccount, SignUpError};
use kernel::{Actor, Clock, Ctx, Locale, ManualClock, Random, SystemReason};
use platform::Database;
use platform::db::{DatabaseAddresses, bootstrap};
use platform::jobs::{Job, enqueue, visible_job};
use platform::mail::{self, NewMail};
use serde::{Deserialize, Serialize};
use testkit::BEGINNING;
use testkit::cluster::{OwnServer, empty_database};

use crate::catalogue::{connect, differences, fingerprint, rows, run, texts, try_run};
use crate::matrix::matrix;
use sqlx::Row as _;

const SECRET: &[u8] = b"a secret of the supabase tests, 32 bytes!";
const THEIRS: [&str; 2] = ["auth", "extensions"];

async fn supabase(name: &str) -> OwnServer {
    let server = OwnServer::start(name);
    let mut superuser = connect(&server.superuser_url("postgres")).await;
    run(&mut superuser, include_str!("supabase_roles.sql")).await;
    server.create_database("project", "postgres").await;
    let mut inside = connect(&server.superuser_url("project")).await;
    run(&mut inside, include_str!("supabase_database.sql")).await;
    server
}

#[tokio::test]
async fn what_supabase_made_is_left_as_it_was() {
    let server = supabase("supa").await;
    let mut superuser = connect(&server.superuser_url("project")).await;
    let roles = "select rolname || ' ' || rolsuper || rolinherit || rolcreaterole || rolcreatedb || rolcanlogin || rolreplication
                        || rolbypassrls from pg_roles where rolname !~ '^(pg_|machiya_)' order by 1";
    let roles_before = texts(&mut superuser, roles).await;
    let mut before = Vec::new();
    for schema in THEIRS {
        before.push(fingerprint(&mut superuser, schema).await);
    }
    schema::migrate(&server.url("postgres", "project")).await.unwrap();
    schema::migrate(&server.url("postgres", "project")).await.unwrap();
    for (schema, before) in THEIRS.into_iter().zip(before) {
        let after = fingerprint(&mut superuser, schema).await;
        assert_eq!(differences(&before, &after), Vec::<String>::new(), "{schema}");
    }
    assert_eq!(texts(&mut superuser, roles).await, roles_before);
    let extensions =
        texts(&mut superuser, "select extname || ' ' || extnamespace::regnamespace from pg_extension order by 1");
    assert_eq!(extensions.await, ["pgcrypto extensions", "plpgsql pg_catalog"]);
}

#[tokio::test]
async fn the_roles_may_the_same_as_on_a_database_of_our_own() {
    let server = supabase("same").await;
    schema::migrate(&server.url("postgres", "project")).await.unwrap();
    let reference = empty_database().await;
    schema::migrate(reference.superuser_url()).await.unwrap();
    let roles = ["anon", "authenticated", "service_role"];
    let mut ours = connect(reference.superuser_url()).await;
    let mut theirs = connect(&server.superuser_url("project")).await;
    let expected: Vec<String> = matrix(&mut ours, &roles, &["app", "public"]).await.lines().map(String::from).collect();
    let found: Vec<String> = matrix(&mut theirs, &roles, &["app", "public"]).await.lines().map(String::from).collect();
    assert_eq!(differences(&expected, &found), Vec::<String>::new());
}

#[tokio::test]
async fn the_program_works_there() {
    let server = supabase("walk").await;
    let owner_url = server.url("postgres", "project");
    schema::migrate(&owner_url).await.unwrap();
    let addresses = bootstrap::log_ins(&owner_url, SECRET, 5).await.unwrap();
    walk_through(addresses.clone()).await;

    // Somebody whom Supabase knows already cannot be registered again.
    let db = Database::open(&addresses).unwrap();
    let ctx = ctx();
    let hash = passwords::hash_password(ctx.random(), "correct horse battery staple").await.unwrap();
    let known = NewAccount::check("earlier@example.jp", "correct horse battery staple", "先客").unwrap();
    let mut tx = db.begin_system(SystemReason::Registration).await.unwrap();
    let fault = users::sign_up(&ctx, &mut tx, &known, &hash).await.expect_err("the address is taken");
    assert!(matches!(fault, SignUpError::EmailTaken), "{fault:?}");
    drop(tx);

    // What Supabase's own server reads as text is not null, or it could not list its users.
    let mut superuser = connect(&server.superuser_url("project")).await;
    let unreadable = texts(
        &mut superuser,
        "select id::text from auth.users where confirmation_token is null or recovery_token is null
            or email_change_token_new is null or email_change is null or aud is null or instance_id is null",
    )
    .await;
    assert_eq!(unreadable, Vec::<String>::new());
    let made = rows(&mut superuser, "select count(*) from auth.users").await[0].get::<i64, _>(0);
    assert_eq!(made, 3);

    // The platform itself may not reach into auth.users, here as everywhere.
    let mut app = connect(&addresses.service_url).await;
    run(&mut app, "set role service_role").await;
    try_run(&mut app, "select email from auth.users").await.expect_err("service_role has no right there");
}

fn ctx() -> Ctx {
    let clock = Clock::Manual(ManualClock::starting_at(BEGINNING));
    Ctx::new(Actor::System(SystemReason::Registration), clock, Random::system(), Locale::Ja)
}

#[derive(Serialize, Deserialize)]
struct Greet {}

impl Job for Greet {
    const NAME: &'static str = "test.greet";
}

/// The first steps of two people in an installation with these log-ins: accounts, sessions, work, mail, and each sees the own.
pub(crate) async fn walk_through(addresses: DatabaseAddresses) {
    let db = Database::open(&addresses).unwrap();
    db.check().await.unwrap();
    let ctx = ctx();
    let hash = passwords::hash_password(ctx.random(), "correct horse battery staple").await.unwrap();
    let mut people = Vec::new();
    for (email, name) in [("hana@example.jp", "花"), ("ken@example.jp", "健")] {
        let new = NewAccount::check(email, "correct horse battery staple", name).unwrap();
        let mut tx = db.begin_system(SystemReason::Registration).await.unwrap();
        let id = users::sign_up(&ctx, &mut tx, &new, &hash).await.unwrap();
        assert_eq!(users::account(&mut tx, id).await.unwrap().unwrap().email, email);
        assert_eq!(users::id_of_email(&mut tx, &new.email).await.unwrap(), Some(id));
        sessions::start(&ctx, &mut tx, id, SessionKind::Bearer, "a test", None).await.unwrap();
        let how = platform::jobs::Enqueue { owner_id: Some(id), ..Default::default() };
        let job = platform::jobs::enqueue_with(&ctx, &mut tx, &Greet {}, how).await.unwrap();
        enqueue(&ctx, &mut tx, &Greet {}).await.unwrap();
        let mail = NewMail {
            dedupe_key: format!("welcome/{id}"),
            recipient_id: Some(id),
            recipient_address: email.to_owned(),
            locale: Locale::Ja,
            subject: "ようこそ".to_owned(),
            body_text: "こんにちは".to_owned(),
        };
        mail::write(&ctx, &mut tx, &mail).await.unwrap();
        tx.commit().await.unwrap();
        people.push((id, job));
    }
    let again = NewAccount::check("hana@example.jp", "correct horse battery staple", "別人").unwrap();
    let mut tx = db.begin_system(SystemReason::Registration).await.unwrap();
    let fault = users::sign_up(&ctx, &mut tx, &again, &hash).await.expect_err("the address is taken");
    assert!(matches!(fault, SignUpError::EmailTaken), "{fault:?}");
    drop(tx);

    let [(hana, hanas_job), (_, kens_job)] = people[..] else { panic!("two people") };
    let actor = kernel::UserActor {
        user_id: hana,
        session_id: ctx.new_id(),
        role: kernel::Role::User,
        status: kernel::AccountStatus::Active,
        display_name: "花".to_owned(),
    };
    let mut tx = db.begin_as(&ctx.acting_as(Actor::User(actor))).await.unwrap();
    assert!(visible_job(&mut tx, hanas_job).await.unwrap().is_some());
    assert!(visible_job(&mut tx, kens_job).await.unwrap().is_none());
    let sessions: i64 = sqlx::query_scalar("select count(id) from public.sessions").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(sessions, 1);
    let names: i64 =
        sqlx::query_scalar("select count(display_name) from public.user_profiles").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(names, 2);
    tx.commit().await.unwrap();
    db.close().await;
}
