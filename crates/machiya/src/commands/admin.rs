//! `machiya admin`: who runs the platform, said on the machine itself.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use identity::operators;
use identity::users::EmailAddress;
use kernel::{Actor, Locale, SystemReason};
use platform::config::Config;
use platform::telemetry;

use super::output::say;
use super::plain::close;
use crate::start;

/// `machiya admin grant-operator <mail>`: makes an account an operator.
///
/// # Errors
/// When there is no such account, it is one already, or the database cannot be reached.
pub async fn grant_operator(email: &str) -> Result<ExitCode> {
    let email = EmailAddress::parse(email).map_err(|_| anyhow!("{email} is not a mail address"))?;
    let running = open().await?;
    let app = &running.app;
    let ctx = app.ctx(Actor::System(SystemReason::Operator), Locale::default());
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let has_second_factor = operators::grant(&ctx, app, &mut tx, &email).await?;
    tx.commit().await?;
    say(&format!("{email} is an operator and has been logged out everywhere"));
    if !has_second_factor && !app.config.is_development() {
        let page = app.config.absolute_url("/account/security");
        say(&format!("the console opens after they have set up a passkey or an authenticator app at {page}"));
    }
    close(running).await?;
    Ok(ExitCode::SUCCESS)
}

/// `machiya admin revoke-operator <mail>`: takes the role away again.
///
/// # Errors
/// When there is no such account, it is none, or the database cannot be reached.
pub async fn revoke_operator(email: &str) -> Result<ExitCode> {
    let email = EmailAddress::parse(email).map_err(|_| anyhow!("{email} is not a mail address"))?;
    let running = open().await?;
    let app = &running.app;
    let ctx = app.ctx(Actor::System(SystemReason::Operator), Locale::default());
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    operators::revoke(&ctx, app, &mut tx, &email).await?;
    tx.commit().await?;
    say(&format!("{email} is no operator any more and has been logged out everywhere"));
    close(running).await?;
    Ok(ExitCode::SUCCESS)
}

/// `machiya admin reseal`: after a new sealing key was put before the old one, seals with the new one what the old one
/// has sealed.
///
/// # Errors
/// When something opens with none of the keys, or the database cannot be reached; nothing is changed then.
pub async fn reseal() -> Result<ExitCode> {
    let running = open().await?;
    let app = &running.app;
    let ctx = app.ctx(Actor::System(SystemReason::Operator), Locale::default());
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let done = identity::reseal(&ctx, &app.config, &mut tx).await;
    let count = done.map_err(|problem| anyhow!("nothing was changed: {problem:?}"))?;
    tx.commit().await?;
    say(&format!("{count} secrets are sealed with the first key; the old key can go"));
    close(running).await?;
    Ok(ExitCode::SUCCESS)
}

async fn open() -> Result<start::Running> {
    let config = Config::load()?;
    telemetry::start_logs(&config.log);
    start::open(config).await
}
