//! `xtask test`: everything that has to hold, in one run.

mod counts;
mod junit;
mod runner;

use crate::packages::{self, Need};
use crate::{query_data, tidy, web, workspace};
use anyhow::Result;
use counts::Counts;
use junit::TestCase;
use runner::{Outcome, counted, reported, run};
use std::process::Command;
use std::time::{Duration, Instant};

/// Which tests to run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Run only the tests whose names contain one of these, and nothing else.
    filters: Vec<String>,
    /// Also look at every page in both themes at both widths.
    #[arg(long)]
    nightly: bool,
}

/// One finished part of the run.
struct Step {
    name: &'static str,
    counts: Counts,
    took: Duration,
    /// Why it failed, where the output above does not say.
    reason: Option<String>,
}

/// The parts of a run, one after the other; a failed one does not keep the next from running.
#[derive(Default)]
struct Report {
    steps: Vec<Step>,
    /// What nextest ran, the slowest first.
    tests: Vec<TestCase>,
}

impl Report {
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<Outcome>) {
        println!("\n── {name} ──");
        let started = Instant::now();
        let (counts, reason) = match work() {
            Ok(outcome) => (outcome.counts, outcome.reason),
            Err(error) => (Counts::FAILED, Some(format!("{error:#}"))),
        };
        if let Some(reason) = &reason {
            println!("{reason}");
        }
        self.steps.push(Step { name, counts, took: started.elapsed(), reason });
    }

    /// Prints the summary, ending in the line that says how many passed and failed.
    fn finish(&self) -> bool {
        let mut total = Counts::default();
        println!("\n── Summary ──");
        for Step { name, counts, took, reason } in &self.steps {
            let mark = if counts.failed == 0 { "ok    " } else { "FAILED" };
            let why = reason.as_deref().and_then(|reason| reason.lines().next()).unwrap_or_default();
            println!(
                "{mark} {name:<22} {:>5} passed {:>4} failed {:>7.1} s  {why}",
                counts.passed,
                counts.failed,
                took.as_secs_f64()
            );
            total = total + *counts;
        }
        print!("\nThe ten slowest tests:\n{}\n", junit::slowest(&self.tests));
        println!("{} passed, {} failed", total.passed, total.failed);
        total.failed == 0
    }
}

/// Runs everything, or with filters only those tests, and says whether all passed.
pub(crate) fn everything(options: &Options) -> bool {
    let mut report = Report::default();
    report.step("What tests need", || {
        packages::ensure(&[Need::Postgres, Need::Chromium, Need::JapaneseFont])?;
        web::ensure_built()?;
        Ok(Outcome::passed())
    });
    if options.filters.is_empty() {
        report.step("Format", || run(workspace::cargo().args(["fmt", "--all", "--check"])));
        report.step("Tidy", || Ok(if tidy::run() { Outcome::passed() } else { Outcome::failed("a rule is broken") }));
        report.step("Recorded queries", || query_data::run(true).map(|()| Outcome::passed()));
        report.step("Lints", || {
            run(offline(&mut workspace::cargo()).args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]))
        });
        report.step("Web: types", || run(web::npm(&web::folder()).args(["run", "--silent", "check"])));
        report.step("Web: tests", || {
            counted(web::npm(&web::folder()).args(["run", "--silent", "test"]), Counts::of_node)
        });
    }
    let mut cases = Vec::new();
    report.step("Tests", || {
        let (outcome, ran) = tests(options)?;
        cases = ran;
        Ok(outcome)
    });
    report.tests = cases;
    if options.filters.is_empty() && has_doc_tests() {
        report.step("Doc tests", || {
            counted(
                offline(&mut workspace::cargo()).args(["test", "--workspace", "--doc", "--no-fail-fast"]),
                Counts::of_cargo,
            )
        });
    }
    report.finish()
}

/// The workspace's tests: with nextest where it is installed, else with cargo's own runner.
fn tests(options: &Options) -> Result<(Outcome, Vec<TestCase>)> {
    let filters = &options.filters;
    let mut command = workspace::cargo();
    if options.nightly {
        command.env("MACHIYA_NIGHTLY", "1");
    }
    if let Some(folder) = packages::find_postgres() {
        command.env("MACHIYA_POSTGRES_BIN", folder);
    }
    let has_nextest =
        workspace::cargo().args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    if has_nextest {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests", "warn"]).args(filters);
        return reported(offline(&mut command), &workspace::target().join("nextest/default/junit.xml"));
    }
    println!(
        "cargo-nextest is not installed (`cargo install cargo-nextest --locked`); using cargo's own runner, which is slower"
    );
    command.args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests", "--"]).args(filters);
    Ok((counted(offline(&mut command), Counts::of_cargo)?, Vec::new()))
}

/// Compiles against the recorded queries, which the step before has shown to be those of the migrations.
fn offline(command: &mut Command) -> &mut Command {
    command.env("SQLX_OFFLINE", "true").env_remove("DATABASE_URL")
}

/// Whether a library's documentation holds code to run; without any, building the documentation's tests is idle.
fn has_doc_tests() -> bool {
    let sources = workspace::files();
    let rust = sources.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.filter_map(|path| std::fs::read_to_string(path).ok()).any(|text| {
        let fences = text.lines().filter_map(|line| {
            line.trim_start()
                .trim_start_matches("//!")
                .trim_start_matches("///")
                .trim()
                .strip_prefix("```")
                .filter(|_| line.trim_start().starts_with("//"))
        });
        fences.enumerate().any(|(index, language)| {
            index % 2 == 0
                && (language.is_empty() || language.starts_with("rust") || language.starts_with("should_panic"))
        })
    })
}
