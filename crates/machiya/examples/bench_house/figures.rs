//! Figures: taken, and printed one JSON line each.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// Ours and the peer's take turns this often; the median counts, so that a pause of the machine hits neither.
pub(super) const ROUNDS: usize = 3;

/// Runs `pgbench` and returns its rate in transactions per second.
pub(super) fn pgbench(url: &str, arguments: &[&str]) -> Result<Option<f64>> {
    let output = Command::new("pgbench").args(arguments).arg(url).output().context("pgbench is missing")?;
    ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok()))
}

/// Requests per second by `wrk`, from one thread of a process of its own, as a browser asks.
pub(super) async fn requests_per_second(url: &str, accept: &str, seconds: &str) -> Result<f64> {
    let header = format!("accept: {accept}");
    let output = tokio::process::Command::new("wrk")
        .args(["-t", "1", "-c", "32", "-d", seconds, "-H", &header, "-H", "accept-encoding: gzip, deflate, br"])
        .args(["-H", "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", url])
        .output()
        .await
        .context("wrk is missing")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success() && !text.contains("Non-2xx"), "wrk on {url}: {text}");
    let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:")?.trim().parse().ok());
    rate.with_context(|| format!("wrk told no rate: {text}"))
}

pub(super) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[expect(clippy::print_stdout, reason = "printing the figures is what this program is for")]
pub(super) fn print(name: &str, peer: Option<&str>, per_second: f64) {
    println!("{}", serde_json::json!({ "name": name, "peer": peer, "perSecond": per_second.round() }));
}

/// Something of which less is better.
#[expect(clippy::print_stdout, reason = "printing the figures is what this program is for")]
pub(super) fn print_amount(name: &str, peer: Option<&str>, amount: f64, unit: &str) {
    println!("{}", serde_json::json!({ "name": name, "peer": peer, "amount": amount, "unit": unit }));
}
