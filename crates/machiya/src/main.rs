//! `machiya serve | worker | migrate | seed | verify | openapi | config`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use machiya::commands;

/// A self-hosted studio and marketplace for pictures made with AI.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and API, and run queued work in the same process.
    Serve,
    /// Run queued work only, beside a `serve` elsewhere; needs a database of its own (DATABASE_URL).
    Worker,
    /// Bring the database up to date.
    Migrate,
    /// Make the demo's accounts and pictures, where they are missing.
    Seed,
    /// Prove what always holds: ledger, payments, sales, entitlements and their files.
    Verify,
    /// Print the OpenAPI document.
    Openapi,
    /// Print every setting, its value and where it came from.
    Config,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve => commands::serve().await,
        Command::Worker => commands::worker().await,
        Command::Migrate => commands::migrate().await,
        Command::Seed => commands::seed().await,
        Command::Verify => commands::verify().await,
        Command::Openapi => commands::openapi(),
        Command::Config => commands::config(),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command line program says what went wrong on standard error")]
fn complain(error: &anyhow::Error) {
    eprintln!("machiya: {error:#}");
}
