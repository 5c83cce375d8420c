//! SQL through `psql`, which comes with PostgreSQL's packages. The chores that use it are for developers only.

use crate::postgres::SUPERUSER;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A `psql` for one server, as its superuser.
pub(crate) struct Psql {
    program: PathBuf,
    socket: PathBuf,
}

impl Psql {
    /// Uses the `psql` beside the server's programs, else the one on the search path.
    pub(crate) fn new(binaries: &Path, socket: &Path) -> Self {
        let beside = binaries.join("psql");
        Self { program: if beside.is_file() { beside } else { "psql".into() }, socket: socket.to_owned() }
    }

    /// Runs statements and returns the rows, one per line, columns separated by `|`.
    pub(crate) fn run(&self, database: &str, sql: &str) -> Result<String> {
        self.output(self.command(database).args(["--command", sql]))
    }

    /// Applies the migrations in order, each in a transaction unless its first line says otherwise, as the program
    /// itself does.
    pub(crate) fn migrate(&self, database: &str, migrations: &[PathBuf]) -> Result<()> {
        for path in migrations {
            let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let mut command = self.command(database);
            if !text.starts_with("-- no-transaction") {
                command.arg("--single-transaction");
            }
            self.output(command.arg("--file").arg(path))?;
        }
        Ok(())
    }

    fn command(&self, database: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1", "--host"])
            .arg(&self.socket)
            .args(["--username", SUPERUSER, "--dbname", database])
            .env("PGOPTIONS", "--client-min-messages=warning");
        command
    }

    fn output(&self, command: &mut Command) -> Result<String> {
        let output = command
            .output()
            .context("`psql` is missing; install PostgreSQL's client (Debian: `apt-get install postgresql-client`)")?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
