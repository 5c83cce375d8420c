//! `migrate URL`: applies the migrations to one database; what the chores of the workspace use.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(owner_url) = std::env::args().nth(1) else {
        return fail("usage: migrate DATABASE_URL");
    };
    match schema::migrate(&owner_url).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

#[expect(clippy::print_stderr, reason = "a command line program says what went wrong on standard error")]
fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}
