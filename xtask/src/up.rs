//! `xtask up`: from a checkout to a running program.

use crate::packages::{self, Need};
use crate::web;
use crate::workspace::{self, succeed};
use anyhow::{Context, Result, bail};
use std::env;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How to start.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Start over: throw away the data folder first.
    #[arg(long)]
    fresh: bool,
    /// Build with all optimisation, as in production.
    #[arg(long)]
    release: bool,
    /// The port to listen on, at 127.0.0.1.
    #[arg(long)]
    port: Option<u16>,
}

/// Finds or installs what is missing, builds what has changed, and becomes the program.
pub(crate) fn run(options: &Options) -> Result<()> {
    let has_own_database = ["MACHIYA_DATABASE_URL", "DATABASE_URL"].iter().any(|name| env::var_os(name).is_some());
    if !has_own_database {
        packages::ensure(&[Need::Postgres])?;
    }
    web::ensure_built()?;
    let mut build = workspace::cargo();
    build.args(["build", "--package", "machiya"]).args(options.release.then_some("--release"));
    // The queries' recorded types are part of the sources; a database of the user's is none to compile against.
    succeed(build.env("SQLX_OFFLINE", "true").env_remove("DATABASE_URL"))?;

    let data_dir = env::var_os("MACHIYA_DATA_DIR").map_or_else(|| workspace::root().join("data"), PathBuf::from);
    if options.fresh {
        throw_away(&data_dir)?;
    }
    let profile = if options.release { "release" } else { "debug" };
    let mut program = Command::new(workspace::target().join(profile).join("machiya"));
    program.arg("serve").current_dir(workspace::root()).env("MACHIYA_DATA_DIR", data_dir);
    if let Some(port) = options.port {
        program.env("MACHIYA_LISTEN", format!("127.0.0.1:{port}"));
    }
    if !has_own_database
        && env::var_os("MACHIYA_POSTGRES_BIN").is_none()
        && let Some(folder) = packages::find_postgres()
    {
        program.env("MACHIYA_POSTGRES_BIN", folder);
    }
    // The program takes the place of this one, so that signals reach it and its exit code is ours.
    Err(program.exec()).with_context(|| format!("cannot run {}", program.get_program().to_string_lossy()))
}

/// Removes a data folder that is one, and that nobody is using.
fn throw_away(data_dir: &Path) -> Result<()> {
    if !data_dir.exists() {
        return Ok(());
    }
    let database = data_dir.join("postgres");
    let is_empty = data_dir.read_dir().is_ok_and(|mut entries| entries.next().is_none());
    if !is_empty && !database.is_dir() {
        bail!("{} does not look like a data folder of machiya, so it is left alone", data_dir.display());
    }
    if let Ok(lock) = File::open(database.join("lock"))
        && lock.try_lock().is_err()
    {
        bail!("a machiya is using {}; stop it first", data_dir.display());
    }
    fs::remove_dir_all(data_dir).with_context(|| format!("cannot remove {}", data_dir.display()))
}
