//! `kill -9` of the program, alone and with its server, while it writes.

use super::super::leftovers::{postmaster_pid, servers_of};
use super::super::{Embedded, SUPERUSER};
use super::{Folder, settings, sql, start};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use sqlx::Connection;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Names the data folder of the program that this very test becomes when it is run again by itself.
const PROGRAM_FOLDER: &str = "MACHIYA_EMBEDDED_TEST_FOLDER";

#[test]
fn no_acknowledged_row_is_lost_when_program_and_server_are_killed() {
    if let Some(folder) = std::env::var_os(PROGRAM_FOLDER) {
        return write_rows_for_ever(&Embedded::start(&settings(folder.as_ref())).unwrap());
    }
    let folder = Folder::new("kill");
    drop(start(&folder.0).unwrap());
    for kill_server in [false, true, false] {
        let mut program = program_that_writes(&folder);
        let acknowledged = read_acknowledgements(&mut program, 200);
        let server = postmaster_pid(&folder.cluster()).unwrap();
        killpg(Pid::from_raw(i32::try_from(program.id()).unwrap()), Signal::SIGKILL).unwrap();
        if kill_server {
            kill(Pid::from_raw(server), Signal::SIGKILL).unwrap();
        }
        program.wait().unwrap();

        let database = start(&folder.0).unwrap();
        let kept: i64 = sql(&database, "select count(*)::text from written").unwrap().parse().unwrap();
        assert!(kept >= acknowledged, "{kept} rows are left of {acknowledged} acknowledged ones");
        sql(&database, "truncate written");
    }
    #[cfg(target_os = "linux")]
    the_server_ends_with_its_program(&folder);
}

/// The kernel tells the server that its program is gone; nobody has to start the program again for that.
#[cfg(target_os = "linux")]
fn the_server_ends_with_its_program(folder: &Folder) {
    let mut program = program_that_writes(folder);
    read_acknowledgements(&mut program, 1);
    program.kill().unwrap();
    program.wait().unwrap();
    let killed = Instant::now();
    while !servers_of(&folder.cluster()).is_empty() {
        assert!(killed.elapsed() < Duration::from_secs(20), "the server outlived its program by 20 s");
        sleep(Duration::from_millis(20));
    }
}

fn program_that_writes(folder: &Folder) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "--quiet"])
        .arg(
            concat!(module_path!(), "::no_acknowledged_row_is_lost_when_program_and_server_are_killed")
                .split_once("::")
                .unwrap()
                .1,
        )
        .env(PROGRAM_FOLDER, &folder.0)
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap()
}

/// Reads `row N` lines until so many were seen; the last number says how many rows were acknowledged at least.
fn read_acknowledgements(program: &mut Child, wanted: i64) -> i64 {
    let lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut rows = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("row ")?.parse::<i64>().ok());
    rows.find(|row| *row >= wanted).unwrap()
}

fn write_rows_for_ever(database: &Embedded) {
    let url = database.connect_url(SUPERUSER, "postgres");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("create table if not exists written (n bigint)").execute(&mut connection).await.unwrap();
        for n in 1_i64.. {
            sqlx::query("insert into written values ($1)").bind(n).execute(&mut connection).await.unwrap();
            println!("row {n}");
        }
    });
}
