//! How long the next guess must wait.

use std::net::{IpAddr, Ipv6Addr};

use kernel::Ctx;
use platform::jobs::{Job, JobError, JobRun};
use platform::{DatabaseError, Problem, Tx};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::Duration;

use super::devices::DeviceToken;
use super::queries;
use crate::users::EmailAddress;

/// Guesses in a row that cost no time; the next waits two seconds, and each after it twice as long.
pub(super) const FREE_GUESSES: i32 = 5;
/// The longest wait. At this pace somebody who goes on for a year has tried fewer passwords than NIST 800-63B-4 (§3.2.2)
/// would stop at in a week.
pub(super) const LONGEST_WAIT: Duration = Duration::hours(1);
/// After this without a guess the count begins anew.
pub(super) const FORGOTTEN_AFTER: Duration = Duration::hours(24);

/// At what somebody guesses, which decides whom the waiting concerns.
#[derive(Clone, Debug)]
pub(crate) enum Guess {
    /// At an account (existing or not), from a browser that is not known there.
    Account(EmailAddress),
    /// At an account, from a browser whose owner has logged in there before.
    Device(DeviceToken),
}

impl Guess {
    pub(super) const fn subject(&self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Device(_) => "device",
        }
    }

    pub(super) fn key(&self) -> Vec<u8> {
        match self {
            Self::Account(email) => Sha256::digest(email.as_str().as_bytes()).to_vec(),
            Self::Device(token) => token.hash(),
        }
    }

    /// Counts this guess, in a transaction that must be committed before the guess is looked at.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub(crate) async fn count(&self, ctx: &Ctx, tx: &mut Tx) -> Result<(), Problem> {
        let now = ctx.now();
        match queries::count(tx, self.subject(), &self.key(), now).await? {
            None => Ok(()),
            Some(next_attempt_at) => {
                metrics::counter!("machiya_guesses_delayed_total", "subject" => self.subject()).increment(1);
                Err(Problem::too_many_requests((next_attempt_at - now).max(Duration::SECOND)))
            }
        }
    }

    /// Forgets the guesses so far, because somebody has proved who they are.
    pub(crate) async fn forgive(&self, tx: &mut Tx) -> Result<(), DatabaseError> {
        queries::forgive(tx, self.subject(), &self.key()).await
    }
}

/// By what callers are told apart in limits: the address, of IPv6 the half that names the network, since one caller has
/// the other half to choose from.
pub(crate) fn address_key(address: Option<IpAddr>) -> String {
    match address {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => address.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            },
            |address| address.to_string(),
        ),
    }
}

/// Forget guesses of long ago, and browsers that nobody came back with.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SweepGuesses {}

impl Job for SweepGuesses {
    const NAME: &'static str = "identity.sweep_guesses";
}

pub(crate) async fn sweep(run: JobRun<SweepGuesses>) -> Result<(), JobError> {
    let now = run.ctx.now();
    let mut tx = run.begin().await?;
    let forgotten = queries::sweep(&mut tx, now - FORGOTTEN_AFTER * 2, now - Duration::days(400)).await?;
    run.finish(&mut tx, &serde_json::json!({"forgotten": forgotten})).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_is_one_caller() {
        let key = |text: &str| address_key(text.parse().ok());
        assert_eq!(key("203.0.113.9"), "203.0.113.9");
        assert_eq!(key("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2:ffff::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(address_key(None), "unknown");
    }
}
