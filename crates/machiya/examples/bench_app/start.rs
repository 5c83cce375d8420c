//! How soon the program shows its first page, and how much memory it holds while it serves.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use testkit::measurements::{median, print_amount};

use super::measurements::requests_per_second;

/// How often the program is started.
const STARTS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts this very program as `serve` on an installation that exists, and asks for its gallery.
pub(super) async fn measure(http: &reqwest::Client, data_dir: &Path) -> Result<()> {
    let (mut seconds, mut megabytes) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let page = format!("http://{address}/gallery");
        let begun = Instant::now();
        let mut program = tokio::process::Command::new(std::env::current_exe()?)
            .arg("serve")
            .env("MACHIYA_DATA_DIR", data_dir)
            .env("MACHIYA_LISTEN", address.to_string())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        while !is_shown(http, &page).await {
            ensure!(begun.elapsed() < PATIENCE, "no page in {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        seconds.push(begun.elapsed().as_secs_f64());
        requests_per_second(&page, "text/html", "2s").await?;
        let id = program.id().context("the program ended")?;
        megabytes.push(resident_megabytes(id)?);
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(id.cast_signed()), nix::sys::signal::Signal::SIGTERM)?;
        program.wait().await?;
    }
    print_amount("start_to_first_page", None, median(seconds), "s");
    print_amount("start_to_first_page", Some("the goal"), 3.0, "s");
    print_amount("resident_memory", None, median(megabytes), "MB");
    print_amount("resident_memory", Some("the goal"), 150.0, "MB");
    Ok(())
}

async fn is_shown(http: &reqwest::Client, page: &str) -> bool {
    let answer = http.get(page).header("accept", "text/html").send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// The resident memory of a process, without the database beside it.
fn resident_megabytes(id: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no resident memory")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok((kibibytes * 1024.0 / 1e6).round())
}
