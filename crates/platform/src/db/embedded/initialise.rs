//! Making a new cluster.

use super::binaries::Binaries;
use super::error::EmbeddedError;
use super::server_user::ServerUser;
use std::path::Path;
use std::process::Output;

/// The log-in that owns everything. It bypasses row security, so the program migrates with it and never serves with
/// it.
pub const SUPERUSER: &str = "machiya_owner";

/// Whether the files must survive a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// Real data: written through to the disk, with checksums.
    Durable,
    /// Test data: as fast as memory.
    ThrowAway,
}

/// Runs `initdb` into `target`, which must not exist and whose parent the server's user must own.
///
/// Log-ins over the socket are trusted. The socket lies in a folder of mode 0700 that belongs to the server's user:
/// whoever can enter it can read and write the data files themselves, so that a password would guard nothing, but
/// would have to be stored, handed on and rotated. Log-ins over the network are rejected, and the server listens on
/// no network address.
pub(super) fn initialise(
    binaries: &Binaries,
    user: &ServerUser,
    target: &Path,
    durability: Durability,
) -> Result<(), EmbeddedError> {
    let mut initdb = user.command(&binaries.program("initdb"));
    initdb
        .arg("--pgdata")
        .arg(target)
        // `C.UTF-8`, never `C`: with `C`, lower() and trigrams are wrong for everything beyond ASCII.
        .args([
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth-local=trust",
            "--auth-host=reject",
            "--username",
            SUPERUSER,
        ]);
    match durability {
        Durability::Durable => initdb.arg("--data-checksums"),
        Durability::ThrowAway => initdb.arg("--no-sync"),
    };
    let output = initdb.output().map_err(EmbeddedError::io("run", &binaries.program("initdb")))?;
    succeeded("initdb", &output)
}

/// Turns the exit of a PostgreSQL program into an error, with the last lines of its output.
pub(super) fn succeeded(program: &'static str, output: &Output) -> Result<(), EmbeddedError> {
    if output.status.success() {
        return Ok(());
    }
    let words = if output.stderr.is_empty() { &output.stdout } else { &output.stderr };
    Err(EmbeddedError::ProgramFailed { program, output: last_lines(&String::from_utf8_lossy(words)) })
}

/// The end of a log, short enough for a message.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(6)..].join(" | ")
}
