//! Start, stop, and what a start finds.

use super::super::leftovers::{postmaster_pid, servers_of};
use super::{Folder, sql, start, try_sql};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn a_new_cluster_is_made_safely_and_a_second_start_finds_its_rows() {
    let folder = Folder::new("cold");
    let mut database = start(&folder.0).unwrap();
    for (setting, value) in [
        ("show data_checksums", "on"),
        ("show fsync", "on"),
        ("show full_page_writes", "on"),
        ("show server_encoding", "UTF8"),
        ("show listen_addresses", ""),
        ("select datcollate from pg_database where datname = 'postgres'", "C.UTF-8"),
        // With the locale `C` this is wrong.
        ("select lower('WÖRLD ÀÉ')", "wörld àé"),
    ] {
        assert_eq!(sql(&database, setting).as_deref(), Some(value), "{setting}");
    }
    sql(&database, "create table kept (word text); insert into kept values ('着物')");
    database.stop().unwrap();
    assert!(servers_of(&folder.cluster()).is_empty(), "a stopped server is gone");

    let database = start(&folder.0).unwrap();
    assert_eq!(sql(&database, "select word from kept").as_deref(), Some("着物"));
    drop(database);
    assert!(servers_of(&folder.cluster()).is_empty(), "a dropped server is gone");
}

#[test]
fn a_pid_file_that_names_a_dead_or_an_unrelated_process_does_not_block() {
    let folder = Folder::new("pid");
    drop(start(&folder.0).unwrap());
    let dead = {
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    };
    for stale in [dead, std::process::id()] {
        let pid_file = folder.cluster().join("postmaster.pid");
        let lines = format!("{stale}\n{}\n1\n5432\n/tmp\n\n  1 1\nready   \n", folder.cluster().display());
        fs::write(&pid_file, lines).unwrap();
        fs::write(folder.0.join("postgres/socket/.s.PGSQL.5432.lock"), format!("{stale}\n")).unwrap();
        let database = start(&folder.0).unwrap();
        assert_ne!(postmaster_pid(&folder.cluster()), i32::try_from(stale).ok());
        assert_eq!(sql(&database, "select 'here'").as_deref(), Some("here"));
    }
}

#[test]
fn a_server_that_an_earlier_run_left_is_ended_and_its_rows_are_kept() {
    let folder = Folder::new("orphan");
    let mut database = start(&folder.0).unwrap();
    sql(&database, "create table kept (word text); insert into kept values ('left')");
    let postgres = fs::read_link(format!("/proc/{}/exe", postmaster_pid(&folder.cluster()).unwrap())).unwrap();
    database.stop().unwrap();
    let user = super::super::ServerUser::choose(&folder.cluster()).unwrap();
    let mut command = user.command(&postgres);
    command.arg("-D").arg(folder.cluster()).arg("-k").arg(folder.0.join("postgres/socket"));
    command.args(["-c", "listen_addresses="]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut orphan = command.spawn().unwrap();
    let pid = i32::try_from(orphan.id()).unwrap();
    let waited = Instant::now();
    while postmaster_pid(&folder.cluster()) != Some(pid) && waited.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(10));
    }
    assert!(servers_of(&folder.cluster()).contains(&pid), "the orphan runs");
    // The orphan is our child here: without this it would stay a zombie, which an orphan of a dead program is not.
    let reaper = std::thread::spawn(move || orphan.wait().unwrap());

    let database = start(&folder.0).unwrap();
    assert!(reaper.join().unwrap().success(), "it was asked to end in good order");
    assert_eq!(sql(&database, "select word from kept").as_deref(), Some("left"));
}

#[test]
fn a_server_that_dies_is_started_again() {
    let folder = Folder::new("dies");
    let database = start(&folder.0).unwrap();
    sql(&database, "create table kept (word text); insert into kept values ('again')");
    let first = postmaster_pid(&folder.cluster()).unwrap();
    kill(Pid::from_raw(first), Signal::SIGKILL).unwrap();
    let killed = Instant::now();
    let word = loop {
        match try_sql(&database, "select word from kept") {
            Ok(word) => break word,
            Err(error) => assert!(killed.elapsed() < Duration::from_secs(30), "not back after 30 s: {error}"),
        }
        sleep(Duration::from_millis(20));
    };
    assert_eq!(word.as_deref(), Some("again"));
    assert_ne!(postmaster_pid(&folder.cluster()), Some(first));
    drop(database);
    assert!(servers_of(&folder.cluster()).is_empty());
}

#[test]
fn a_half_made_cluster_is_made_anew() {
    let folder = Folder::new("half");
    let half_made = folder.0.join("postgres/cluster.new-4711");
    fs::create_dir_all(half_made.join("base/1")).unwrap();
    fs::write(half_made.join("PG_VERSION"), "15\n").unwrap();
    fs::create_dir_all(folder.cluster()).unwrap();
    let database = start(&folder.0).unwrap();
    assert_eq!(sql(&database, "select 'whole'").as_deref(), Some("whole"));
    assert!(!half_made.exists(), "the half-made one is gone");
}

#[test]
fn a_folder_too_long_for_a_socket_gets_a_short_private_one() {
    let folder = Folder::new("long");
    let deep = folder.0.join("長い名前のフォルダー".repeat(5)).join("another, \"quoted\" and long enough folder");
    let database = start(&deep).unwrap();
    assert_eq!(sql(&database, "select 'reached'").as_deref(), Some("reached"));
    let short = super::super::socket_folder::short_folder(&deep.join("postgres").canonicalize().unwrap());
    assert!(short.join(".s.PGSQL.5432").exists());
    assert!(short.as_os_str().len() < 40);
    drop(database);
    fs::remove_dir_all(short).unwrap();
}
