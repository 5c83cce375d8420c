//! `xtask devdb`: a database to compile queries against while they are being written.

use crate::postgres::{Binaries, BinarySearch, SUPERUSER, ThrowAway};
use crate::psql::Psql;
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

const FOLDER: &str = "/tmp/machiya-devdb";
const DATABASE: &str = "machiya_dev";
/// How long to wait for compilers that are connected to the old database.
const SWITCH_LIMIT: Duration = Duration::from_secs(90);

/// Starts the development server unless it runs, brings its database to the present migrations, and prints the
/// variables that make sqlx check queries against it.
pub(crate) fn run() -> Result<()> {
    let lock = fs::File::create(format!("{FOLDER}.lock")).context("cannot lock the development database")?;
    lock.lock()?;
    let binaries = Binaries::find(&BinarySearch::usual(&workspace::root()), None)?;
    let psql = Psql::new(&binaries.folder, Path::new(FOLDER));
    let cluster = ThrowAway::open(Path::new(FOLDER), binaries, 100)?;
    cluster.start()?;
    let migrations = workspace::migrations();
    let present = workspace::fingerprint(&migrations)?;
    let applied = psql.run(
        "postgres",
        &format!("select shobj_description(oid, 'pg_database') from pg_database where datname = '{DATABASE}'"),
    )?;
    if applied != present {
        rebuild(&psql, &migrations, &present)?;
    }
    println!("export DATABASE_URL='{}' SQLX_OFFLINE=false", cluster.url(SUPERUSER, DATABASE));
    Ok(())
}

/// Migrates a new database and puts it in the place of the old one, so that nobody's build is ever without one, and a
/// migration that fails changes nothing.
fn rebuild(psql: &Psql, migrations: &[std::path::PathBuf], present: &str) -> Result<()> {
    let next = format!("{DATABASE}_next");
    psql.run("postgres", &format!("drop database if exists {next} with (force)"))?;
    psql.run("postgres", &format!("create database {next}"))?;
    psql.migrate(&next, migrations)?;
    psql.run("postgres", &format!("comment on database {next} is '{present}'"))?;
    let old = format!("{DATABASE}_old");
    psql.run("postgres", &format!("drop database if exists {old} with (force)"))?;
    let exists = psql.run("postgres", &format!("select 1 from pg_database where datname = '{DATABASE}'"))? == "1";
    let retire = if exists { format!("alter database {DATABASE} rename to {old};") } else { String::new() };
    let switch = format!("begin; {retire} alter database {next} rename to {DATABASE}; commit;");
    let started = Instant::now();
    loop {
        match psql.run("postgres", &switch) {
            Ok(_) => break,
            Err(error) if started.elapsed() > SWITCH_LIMIT => {
                bail!("the development database stays in use, so the new one was not put in its place: {error}");
            }
            // PostgreSQL renames no database that someone is connected to; compilers come and go. Idle sessions that
            // nobody has used for a while would wait for ever.
            Err(_) => {
                psql.run("postgres", &format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{DATABASE}' and state = 'idle' and state_change < now() - interval '60 s'"))?;
                sleep(Duration::from_millis(300));
            }
        }
    }
    if exists {
        psql.run("postgres", &format!("drop database if exists {old} with (force)"))?;
    }
    Ok(())
}
