//! `machiya serve | worker | migrate | seed | verify | openapi | config | admin`.

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
    /// Say who runs the platform.
    Admin {
        #[command(subcommand)]
        change: AdminChange,
    },
}

#[derive(Subcommand)]
enum AdminChange {
    /// Make the account with this mail address an operator.
    GrantOperator {
        /// The mail address.
        email: String,
    },
    /// Seal what is sealed with the first of the sealing keys.
    Reseal,
    /// Take the role away again.
    RevokeOperator {
        /// The mail address.
        email: String,
    },
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
        Command::Admin { change: AdminChange::GrantOperator { email } } => commands::grant_operator(&email).await,
        Command::Admin { change: AdminChange::Reseal } => commands::reseal().await,
        Command::Admin { change: AdminChange::RevokeOperator { email } } => commands::revoke_operator(&email).await,
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
