//! The chores of the workspace: `cargo xtask --help` lists them.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program speaks by printing")]

mod devdb;
mod postgres;
mod psql;
mod workspace;

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
    /// Start (or refresh) a database to compile queries against, and print the variables to export.
    Devdb,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Devdb => devdb::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
