//! The commands that do one thing and end.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Result;
use platform::config::Config;
use platform::telemetry;

use super::say;
use crate::wiring::Domains;
use crate::{start, verification};

/// `machiya migrate`: brings the database up to date.
///
/// # Errors
/// When the database cannot be reached, or a migration fails.
pub async fn migrate() -> Result<ExitCode> {
    let config = Config::load()?;
    telemetry::start_logs(&config.log);
    let running = start::open(config).await?;
    close(running).await?;
    say("the database is up to date");
    Ok(ExitCode::SUCCESS)
}

/// `machiya seed`: makes what is missing of the demo.
///
/// # Errors
/// When it cannot be made.
pub async fn seed() -> Result<ExitCode> {
    let config = Config::load()?;
    telemetry::start_logs(&config.log);
    let running = start::open(config).await?;
    let domains = Domains::open(&running)?;
    crate::seed::demo(&running.app, &domains).await?;
    close(running).await?;
    Ok(ExitCode::SUCCESS)
}

/// `machiya verify`: proves what always holds; exit status 1 when it does not.
///
/// # Errors
/// When the database or the storage does not answer.
pub async fn verify() -> Result<ExitCode> {
    let config = Config::load()?;
    telemetry::start_logs(&config.log);
    let running = start::open(config).await?;
    let report = verification::verify(&running.app).await?;
    close(running).await?;
    for line in report.lines() {
        say(&line);
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `machiya openapi`: prints the document.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn openapi() -> Result<ExitCode> {
    say(&serde_json::to_string_pretty(&crate::openapi::document()?)?);
    Ok(ExitCode::SUCCESS)
}

/// `machiya config`: prints every setting.
///
/// # Errors
/// When the file or a value is wrong.
pub fn config() -> Result<ExitCode> {
    let environment: BTreeMap<String, String> = std::env::vars().collect();
    let path = environment.get("MACHIYA_CONFIG").cloned().unwrap_or_else(|| "machiya.toml".to_owned());
    let file = std::fs::read_to_string(path).unwrap_or_default();
    for value in Config::describe(&file, &environment)? {
        say(&format!("{} = {}  ({})", value.setting.name, value.shown, value.source));
        let also = value.setting.also.join(", ");
        let also = if also.is_empty() { also } else { format!(" Also: {also}.") };
        say(&format!("    {}.{also}", value.setting.meaning));
    }
    for warning in Config::from_sources(&file, &environment)?.warnings() {
        say(&format!("warning: {warning}"));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn close(running: start::Running) -> Result<()> {
    running.app.db.close().await;
    running.host.stop()?;
    Ok(())
}
