//! What a second factor is, and what is remembered between the two steps of a log-in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::auth::LoggedIn;
use crate::one_time_secret::OneTimeSecret;

kernel::typed_id! {
    /// A log-in that lacks its second proof.
    LoginChallengeId,
}

/// How long the second proof may take.
pub const CHALLENGE_LIFETIME: Duration = Duration::minutes(10);
/// Wrong codes after which a log-in has to begin anew.
pub const CHALLENGE_ATTEMPTS_MAX: i32 = 5;

/// By what the second proof can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A code of an authenticator app.
    Totp,
    /// A passkey.
    Passkey,
    /// A recovery code.
    RecoveryCode,
}

/// What an account has besides its password.
#[derive(Clone, Copy, Debug, Default)]
pub struct Factors {
    /// Whether an authenticator app is set up.
    pub has_totp: bool,
    /// How many passkeys there are.
    pub passkeys: i64,
    /// How many recovery codes are unused.
    pub recovery_codes: i64,
}

impl Factors {
    /// Whether a password alone does not open the account.
    pub const fn is_on(self) -> bool {
        self.has_totp || self.passkeys > 0
    }

    /// The ways to give the second proof.
    pub fn methods(self) -> Vec<Method> {
        let all = [
            (Method::Passkey, self.passkeys > 0),
            (Method::Totp, self.has_totp),
            (Method::RecoveryCode, self.recovery_codes > 0),
        ];
        all.into_iter().filter_map(|(method, is_there)| is_there.then_some(method)).collect()
    }
}

/// What a first proof leads to.
#[derive(Debug)]
pub enum Entry {
    /// It was enough.
    In(Box<LoggedIn>),
    /// A second one is owed.
    Challenge(OpenChallenge),
}

/// A log-in that lacks its second proof.
#[derive(Clone, Debug)]
pub struct OpenChallenge {
    pub(crate) token: OneTimeSecret,
    /// The ways to go on.
    pub methods: Vec<Method>,
    /// Until when.
    pub expires_at: OffsetDateTime,
}

impl OpenChallenge {
    /// The secret that the second step must show; known only now.
    pub fn reveal(&self) -> &str {
        self.token.reveal()
    }
}
