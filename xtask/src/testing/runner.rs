//! Running a command while showing and reading what it says.

use super::counts::Counts;
use super::junit::{self, TestCase};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, ErrorKind, IsTerminal, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;

/// What came of a part of the run.
pub(super) struct Outcome {
    pub(super) counts: Counts,
    pub(super) reason: Option<String>,
}

impl Outcome {
    pub(super) fn passed() -> Self {
        Self { counts: Counts { passed: 1, failed: 0 }, reason: None }
    }

    pub(super) fn failed(reason: &str) -> Self {
        Self { counts: Counts::FAILED, reason: Some(reason.to_owned()) }
    }
}

/// Runs a command that passes or fails as a whole.
pub(super) fn run(command: &mut Command) -> Result<Outcome> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    Ok(if status.success() { Outcome::passed() } else { Outcome::failed("see its output above") })
}

/// Runs nextest and reads the report that it writes to `report`. A run that fails without a failed test (it did not compile, it
/// was killed) counts as one failure, and so does one without a report.
pub(super) fn reported(command: &mut Command, report: &Path) -> Result<(Outcome, Vec<TestCase>)> {
    match std::fs::remove_file(report) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).context("the report of the last run stays");
        }
        _ => {}
    }
    let succeeded = command.status().with_context(|| format!("cannot run {command:?}"))?.success();
    let cases = match std::fs::read_to_string(report) {
        Ok(text) => junit::read(&text)?,
        Err(_) => Vec::new(),
    };
    let counts = junit::counts(&cases);
    let reason = match (succeeded, counts.failed) {
        (false, 0) => Some("it ended without a result".to_owned()),
        (true, 0) if cases.is_empty() => Some("no test ran".to_owned()),
        _ => None,
    };
    let counts = if reason.is_some() { counts + Counts::FAILED } else { counts };
    Ok((Outcome { counts, reason }, cases))
}

/// Runs a command that counts, and reads its counts. A command that fails without having counted a failure (it did not
/// compile, it was killed) counts as one.
pub(super) fn counted(command: &mut Command, read: fn(&str) -> Counts) -> Result<Outcome> {
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {command:?}"))?;
    let (sender, lines) = mpsc::channel();
    let readers = [
        child.stdout.take().map(|stream| forward(stream, sender.clone())),
        child.stderr.take().map(|stream| forward(stream, sender)),
    ];
    let mut text = String::new();
    for line in lines {
        println!("{line}");
        text.push_str(&without_colour(&line));
        text.push('\n');
    }
    for reader in readers.into_iter().flatten() {
        // A reader ends with its stream; it has nothing left to say.
        let _ = reader.join();
    }
    let succeeded = child.wait()?.success();
    let counts = read(&text);
    match (succeeded, counts.failed) {
        (true, _) => Ok(Outcome { counts, reason: None }),
        (false, 0) => {
            Ok(Outcome { counts: counts + Counts::FAILED, reason: Some("it ended without a result".to_owned()) })
        }
        (false, _) => Ok(Outcome { counts, reason: None }),
    }
}

fn forward(stream: impl Read + Send + 'static, lines: Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|length| length > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if lines.send(line).is_err() {
                break;
            }
            bytes.clear();
        }
    })
}

/// A line without the sequences that colour it on a terminal.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // `ESC [ … letter`
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_without_counting_is_one_failure() {
        let script = |text: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", text]);
            counted(&mut command, Counts::of_cargo).unwrap().counts
        };
        assert_eq!(script("echo 'error: it does not compile' >&2; exit 101"), Counts { passed: 0, failed: 1 });
        assert_eq!(
            script("echo 'test result: ok. 2 passed; 0 failed; 0 ignored'; exit 1"),
            Counts { passed: 2, failed: 1 }
        );
        assert_eq!(
            script("echo 'test result: FAILED. 2 passed; 3 failed; 0 ignored'; exit 1"),
            Counts { passed: 2, failed: 3 }
        );
        assert_eq!(
            script("printf '\\033[1mtest result: ok. 4 passed; 0 failed\\033[0m'"),
            Counts { passed: 4, failed: 0 }
        );
    }
}
