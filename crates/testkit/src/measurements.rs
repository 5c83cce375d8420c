//! Figures of a measurement: taken from `pgbench`, and printed one JSON line each; `cargo xtask bench` reads them.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// Runs `pgbench` on a database and returns its rate in transactions per second, where it tells one.
///
/// # Errors
/// `pgbench` is missing, or fails.
pub fn pgbench(url: &str, arguments: &[&str]) -> Result<Option<f64>> {
    let output = Command::new("pgbench").args(arguments).arg(url).output().context("pgbench is missing")?;
    ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok()))
}

/// The middle one, so that a pause of the machine in one round hits neither side; 0 of none.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// Prints a rate: ours, or a peer's.
#[expect(clippy::print_stdout, reason = "printing the figures is what a measurement is for")]
pub fn print(name: &str, peer: Option<&str>, per_second: f64) {
    println!("{}", serde_json::json!({ "name": name, "peer": peer, "perSecond": per_second.round() }));
}

/// Prints something of which less is better.
#[expect(clippy::print_stdout, reason = "printing the figures is what a measurement is for")]
pub fn print_amount(name: &str, peer: Option<&str>, amount: f64, unit: &str) {
    println!("{}", serde_json::json!({ "name": name, "peer": peer, "amount": amount, "unit": unit }));
}
