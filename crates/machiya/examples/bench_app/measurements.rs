//! Figures of the shop front.

use anyhow::{Context as _, Result, ensure};

/// Ours and the peer's take turns this often; the median counts, so that a pause of the machine hits neither.
pub(super) const ROUNDS: usize = 3;

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
