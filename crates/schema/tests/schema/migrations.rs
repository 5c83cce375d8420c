//! The migrations on an empty database: once, again, twice at once, and by an owner who is no superuser.

use platform::db::bootstrap;
use testkit::cluster::{OwnServer, empty_database};

use crate::catalogue::{connect, differences, fingerprint, run, texts};
use crate::matrix::matrix;
use crate::supabase::walk_through;

const SECRET: &[u8] = b"a secret of the migration tests, 32 bytes";

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let database = empty_database().await;
    schema::migrate(database.superuser_url()).await.unwrap();
    let mut owner = connect(database.superuser_url()).await;
    let mut first = Vec::new();
    for schema in ["auth", "app", "public"] {
        first.push(fingerprint(&mut owner, schema).await);
    }
    assert!(first[2].len() > 300, "the migrations make something");
    schema::migrate(database.superuser_url()).await.unwrap();
    for (schema, before) in ["auth", "app", "public"].into_iter().zip(first) {
        let after = fingerprint(&mut owner, schema).await;
        assert_eq!(differences(&before, &after), Vec::<String>::new());
    }
    let applied = texts(&mut owner, "select count(*)::text from _sqlx_migrations where success").await.concat();
    assert_eq!(applied, schema::MIGRATOR.iter().count().to_string());
}

#[tokio::test]
async fn two_programs_that_start_together_migrate_once() {
    let database = empty_database().await;
    let url = database.superuser_url();
    let (one, other) = tokio::join!(schema::migrate(url), schema::migrate(url));
    one.unwrap();
    other.unwrap();
}

/// A database of one's own, whose owner may make roles and is otherwise nobody: row level security holds for it too.
#[tokio::test]
async fn an_owner_who_is_no_superuser_is_enough() {
    let server = OwnServer::start("own");
    let mut superuser = connect(&server.superuser_url("postgres")).await;
    run(&mut superuser, "create role landlord login createrole nosuperuser nobypassrls").await;
    server.create_database("app", "landlord").await;
    let url = server.url("landlord", "app");
    schema::migrate(&url).await.unwrap();
    schema::migrate(&url).await.unwrap();
    let addresses = bootstrap::log_ins(&url, SECRET, 5).await.unwrap();
    walk_through(addresses).await;

    let shared = empty_database().await;
    schema::migrate(shared.superuser_url()).await.unwrap();
    let mut reference = connect(shared.superuser_url()).await;
    let mut owner = connect(&url).await;
    let roles = ["anon", "authenticated", "service_role"];
    let schemas = ["auth", "app", "public"];
    let expected: Vec<String> = matrix(&mut reference, &roles, &schemas).await.lines().map(String::from).collect();
    let found: Vec<String> = matrix(&mut owner, &roles, &schemas).await.lines().map(String::from).collect();
    assert_eq!(differences(&expected, &found), Vec::<String>::new());
}

/// An owner who may not even make roles gets them made by somebody else, and names the log-ins in the settings.
#[tokio::test]
async fn a_log_in_that_may_more_than_it_should_is_refused() {
    let server = OwnServer::start("more");
    let mut superuser = connect(&server.superuser_url("postgres")).await;
    run(
        &mut superuser,
        "create role landlord login createrole nosuperuser; create role machiya_web login createdb; \
         do $$ begin if current_setting('server_version_num')::int >= 160000 then \
           grant machiya_web to landlord with admin option; end if; end $$",
    )
    .await;
    server.create_database("app", "landlord").await;
    let url = server.url("landlord", "app");
    schema::migrate(&url).await.unwrap();
    run(&mut superuser, "alter role machiya_web bypassrls").await;
    let refusal = bootstrap::log_ins(&url, SECRET, 5).await.expect_err("machiya_web bypasses row level security");
    assert!(refusal.to_string().contains("machiya_web"), "{refusal}");
    // A superuser mends it.
    bootstrap::log_ins(&server.superuser_url("app"), SECRET, 5).await.unwrap();
    let mended = texts(&mut superuser, "select rolbypassrls::text from pg_roles where rolname = 'machiya_web'").await;
    assert_eq!(mended, ["false"]);
}
