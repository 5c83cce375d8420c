//! The cluster proves itself: copies are separate and migrated, log-ins are bound, and servers end.

use super::clean_up::{drop_some, maker};
use super::database::{empty_database, fresh_database};
use super::private_server::PrivateServer;
use super::server::{connect, new_name, run, server};
use std::process::Command;
use std::time::{Duration, Instant};

#[tokio::test]
async fn every_test_has_a_migrated_database_of_its_own() {
    let (one, other) = tokio::join!(fresh_database(), fresh_database());
    assert_ne!(one.name(), other.name());
    let mut superuser = connect(one.superuser_url()).await.unwrap();
    let applied: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert_eq!(usize::try_from(applied).unwrap(), schema::MIGRATOR.iter().count());
    run(&mut superuser, "create table mine (id int)".to_owned()).await.unwrap();
    let mut neighbour = connect(other.superuser_url()).await.unwrap();
    let seen: Option<String> =
        sqlx::query_scalar("select to_regclass('mine')::text").fetch_one(&mut neighbour).await.unwrap();
    assert_eq!(seen, None, "a table of one test is not seen by another");
}

#[tokio::test]
async fn the_log_ins_are_no_superusers() {
    let database = fresh_database().await;
    for (url, name) in [(database.web_url(), "machiya_web"), (database.service_url(), "machiya_service")] {
        let mut connection = connect(url).await.unwrap();
        let (who, is_free): (String, bool) = sqlx::query_as(
            "select current_user::text, rolsuper or rolbypassrls from pg_roles where rolname = current_user",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert_eq!((who.as_str(), is_free), (name, false));
    }
}

#[tokio::test]
async fn an_empty_database_holds_no_table() {
    let database = empty_database().await;
    let mut superuser = connect(database.superuser_url()).await.unwrap();
    let tables: i64 = sqlx::query_scalar(
        "select count(*) from pg_class where relkind = 'r' and relnamespace not in \
         ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)",
    )
    .fetch_one(&mut superuser)
    .await
    .unwrap();
    assert_eq!(tables, 0);
}

#[tokio::test]
async fn databases_of_dead_processes_are_dropped_and_those_of_living_ones_are_not() {
    let living = fresh_database().await;
    let mut dead_process = Command::new("true").spawn().unwrap();
    dead_process.wait().unwrap();
    let dead = new_name().replace(&std::process::id().to_string(), &dead_process.id().to_string());
    assert_eq!(maker(&dead), i32::try_from(dead_process.id()).ok());
    let url = server().unwrap().superuser_url();
    let mut superuser = connect(url).await.unwrap();
    run(&mut superuser, format!("create database {dead}")).await.unwrap();
    let started = Instant::now();
    let is_there = |name: String| {
        let connecting = connect(url);
        async move {
            let mut superuser = connecting.await.unwrap();
            let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
                .bind(name)
                .fetch_one(&mut superuser)
                .await
                .unwrap();
            there
        }
    };
    // Other tests clean up at the same time, one at a time, so that it may be their turn.
    while is_there(dead.clone()).await {
        drop_some(url).await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(60), "it is still there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(is_there(living.name().to_owned()).await);
}

#[tokio::test]
async fn a_private_server_is_shared_and_ends_by_itself_when_nobody_is_left() {
    const FOLDER: &str = "MACHIYA_TESTKIT_FOLDER";
    if let Some(folder) = std::env::var_os(FOLDER) {
        let server = PrivateServer::join_in(folder.as_ref(), 2).unwrap();
        connect(&server.superuser_url()).await.unwrap();
        return;
    }
    let folder = std::env::temp_dir().join(format!("machiya-private-{}", std::process::id()));
    let this_test = concat!(module_path!(), "::a_private_server_is_shared_and_ends_by_itself_when_nobody_is_left");
    let join = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", this_test.split_once("::").unwrap().1]).env(FOLDER, &folder);
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    let server_pid =
        || std::fs::read_to_string(folder.join("cluster/postmaster.pid")).unwrap().lines().next().unwrap().to_owned();
    let members = [join(), join(), join()];
    for mut member in members {
        assert!(member.wait().unwrap().success(), "all three found or started it");
    }
    let first = server_pid();
    assert!(join().wait().unwrap().success());
    assert_eq!(server_pid(), first, "a later process uses the same server");
    let alone = Instant::now();
    while folder.exists() {
        assert!(alone.elapsed() < Duration::from_secs(40), "the server outlived its users");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(join().wait().unwrap().success(), "it is started anew when it is needed again");
    assert_ne!(server_pid(), first);
    let alone = Instant::now();
    while folder.exists() {
        assert!(alone.elapsed() < Duration::from_secs(40), "the second server outlived its users");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    std::fs::remove_file(folder.with_extension("lock")).unwrap();
}
