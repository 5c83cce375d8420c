//! `xtask sqlx`: what the compiler has to know of every query, recorded in `.sqlx`, so that a build needs no database.
//!
//! A database is made from the migrations, and the workspace is checked against it. The macros write down what they
//! learn, each crate into a folder of its own: this program puts itself between cargo and the compiler to say which.
//! Cargo keeps such a build apart from the ordinary ones, shares the third-party crates with them, and repeats only
//! the crates that changed, so that a second run is quick.

use crate::postgres::{Binaries, BinarySearch, SUPERUSER, ThrowAway};
use crate::{packages, workspace};
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Says that this program was called by cargo in the compiler's place, and where the records go.
const RECORDS: &str = "MACHIYA_QUERY_RECORDS";

/// Brings `.sqlx` up to date, or with `check` only says whether it is.
pub(crate) fn run(check: bool) -> Result<()> {
    let fresh = recorded_queries()?;
    let folder = workspace::root().join(".sqlx");
    let present = files_in(&folder)?;
    let name = |(name, _): (&String, &Vec<u8>)| name.clone();
    let added: Vec<String> = fresh.iter().filter(|(name, text)| present.get(*name) != Some(text)).map(name).collect();
    let stale: Vec<String> = present.iter().filter(|(name, _)| !fresh.contains_key(*name)).map(name).collect();
    if added.is_empty() && stale.is_empty() {
        println!("{} queries are recorded in .sqlx, none is missing or stale", fresh.len());
        return Ok(());
    }
    let difference = format!("{} queries are new or changed, {} are stale", added.len(), stale.len());
    ensure!(!check, ".sqlx is out of date ({difference}); run `cargo xtask sqlx` and commit the folder");
    fs::create_dir_all(&folder)?;
    for name in &added {
        fs::write(folder.join(name), &fresh[name])?;
    }
    for name in &stale {
        fs::remove_file(folder.join(name))?;
    }
    println!("{difference}; .sqlx holds {} now", fresh.len());
    Ok(())
}

/// Checks the workspace against a new database and gathers what the macros wrote down.
fn recorded_queries() -> Result<BTreeMap<String, Vec<u8>>> {
    packages::ensure(&[packages::Need::Postgres])?;
    let migrations = workspace::migrations();
    // Cargo does not know that the queries depend on the migrations: another set of them is another build.
    let records = workspace::stamps().join("queries").join(workspace::fingerprint(&migrations)?);
    fs::create_dir_all(&records)?;
    let database = MigratedDatabase::start()?;
    let units = check_workspace(&records, &database.url)?;
    let mut found = BTreeMap::new();
    for unit in units {
        found.extend(files_in(&records.join(unit))?);
    }
    Ok(found)
}

/// Runs `cargo check` and returns the names of the units it is made of, such as `orders-0123456789abcdef`.
fn check_workspace(records: &Path, url: &str) -> Result<BTreeSet<String>> {
    let wrapper = records.join("record-queries");
    if !wrapper.exists() {
        // Cargo tells builds apart by the wrapper's path, so that it has to be one of its own for these migrations.
        fs::copy(std::env::current_exe()?, &wrapper)?;
    }
    let mut check = workspace::cargo();
    check
        .args(["check", "--workspace", "--all-targets", "--message-format", "json-render-diagnostics"])
        .env("RUSTC_WORKSPACE_WRAPPER", &wrapper)
        .env(RECORDS, records)
        .env("DATABASE_URL", url)
        .env("SQLX_OFFLINE", "false")
        .stderr(Stdio::inherit());
    let output = check.output().context("cannot run cargo")?;
    ensure!(output.status.success(), "the workspace does not compile against its own migrations");
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .flat_map(|message| units(&message))
        .collect())
}

/// The unit of a `compiler-artifact` message: its file is `…/liborders-0123456789abcdef.rmeta`.
fn units(message: &serde_json::Value) -> Vec<String> {
    let files = message["filenames"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = files.iter().filter_map(|file| Path::new(file.as_str()?).file_stem()?.to_str()?.strip_prefix("lib"));
    names.map(str::to_owned).collect()
}

fn files_in(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("query-") {
            found.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(found)
}

/// In the compiler's place: gives this crate an empty folder for its records, and becomes the compiler.
pub(crate) fn stand_in_for_the_compiler() -> Option<std::io::Error> {
    let records = std::env::var_os(RECORDS)?;
    let mut arguments = std::env::args_os().skip(1);
    let mut compiler = Command::new(arguments.next()?);
    let arguments: Vec<OsString> = arguments.collect();
    let text: Vec<String> = arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let name = text.windows(2).find(|pair| pair[0] == "--crate-name").map(|pair| pair[1].clone());
    let suffix = text.iter().find_map(|argument| argument.strip_prefix("extra-filename="));
    if let (Some(name), Some(suffix)) = (name, suffix) {
        let folder = PathBuf::from(records).join(format!("{name}{suffix}"));
        // A folder that cannot be made shows itself as a query that the macro cannot write down.
        let _ = fs::remove_dir_all(&folder);
        let _ = fs::create_dir_all(&folder);
        compiler.env("SQLX_OFFLINE_DIR", folder);
    }
    Some(compiler.args(arguments).exec())
}

/// A database with the present migrations on a server that ends with this value.
pub(crate) struct MigratedDatabase {
    server: ThrowAway,
    folder: PathBuf,
    /// Its address as the owner.
    pub(crate) url: String,
}

impl MigratedDatabase {
    pub(crate) fn start() -> Result<Self> {
        let folder = PathBuf::from(format!("/tmp/machiya-xtask-{}", std::process::id()));
        let mut search = BinarySearch::usual(&workspace::root());
        search.named = packages::find_postgres();
        let server = ThrowAway::open(&folder, Binaries::find(&search, None)?, 50)?;
        let url = server.url(SUPERUSER, "postgres");
        let database = Self { server, folder, url };
        database.server.start()?;
        let mut migrate = workspace::cargo();
        migrate.args(["run", "--quiet", "--package", "schema", "--bin", "migrate", "--", &database.url]);
        let status = migrate.env("SQLX_OFFLINE", "true").status().context("cannot run the migrations")?;
        if !status.success() {
            bail!("the migrations failed on an empty database");
        }
        Ok(database)
    }
}

impl Drop for MigratedDatabase {
    fn drop(&mut self) {
        // A server that does not stop is shown by its folder that stays.
        if self.server.stop().is_ok() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
