//! The chores of the workspace: `cargo xtask --help` lists them.

#![allow(clippy::print_stdout, reason = "a command-line program speaks by printing")]

mod bench;
mod devdb;
mod packages;
mod postgres;
mod psql;
mod query_data;
mod testing;
mod tidy;
mod up;
mod web;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The chores of the workspace.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what is missing, build what changed, and run the platform with its demo.
    Up(up::Options),
    /// Run everything: format, rules, lints, web, tests.
    Test(testing::Options),
    /// Check the rules that no compiler knows.
    Tidy(tidy::Options),
    /// Record the queries' types in `.sqlx`, so that a build needs no database.
    Sqlx {
        /// Only say whether the folder is up to date.
        #[arg(long)]
        check: bool,
    },
    /// Compare with peers on this machine and print the ratios.
    Bench(bench::Options),
    /// Build the scripts and styles of the pages, when something changed.
    Web,
    /// Start (or refresh) a database to compile queries against, and print the variables to export.
    Devdb,
}

fn main() -> ExitCode {
    if let Some(error) = query_data::stand_in_for_the_compiler() {
        return complain(&format!("the compiler does not run: {error}"));
    }
    match run(Arguments::parse().chore) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => complain(&format!("{error:#}")),
    }
}

/// Does a chore and says whether all is well; what stands in its way is an error.
fn run(chore: Chore) -> Result<bool> {
    match chore {
        Chore::Up(options) => up::run(&options)?,
        Chore::Test(options) => return Ok(testing::everything(&options)),
        Chore::Tidy(options) => return Ok(tidy::run_limited(&options)),
        Chore::Sqlx { check } => query_data::run(check)?,
        Chore::Bench(options) => bench::run(&options)?,
        Chore::Web => web::ensure_built()?,
        Chore::Devdb => devdb::run()?,
    }
    Ok(true)
}

#[allow(clippy::print_stderr, reason = "errors do not belong among results")]
fn complain(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}
