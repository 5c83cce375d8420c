//! The second factors of an account and the challenge between the two steps of a login.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::secret_token::OneTimeSecret;

kernel::typed_id! {
    /// The id of a login challenge.
    LoginChallengeId,
}

/// How long a challenge can be answered.
pub(crate) const CHALLENGE_LIFETIME: Duration = Duration::minutes(10);
/// How many attempts a challenge allows.
pub(crate) const CHALLENGE_ATTEMPTS_MAX: i32 = 5;

/// A means to answer a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Method {
    /// A code of an authenticator app.
    Totp,
    /// A passkey.
    Passkey,
    /// A recovery code.
    RecoveryCode,
}

/// The second factors of an account.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Factors {
    /// Whether an authenticator app is set up.
    pub(crate) has_totp: bool,
    /// The number of passkeys.
    pub(crate) passkeys: i64,
    /// The number of unused recovery codes.
    pub(crate) recovery_codes: i64,
}

impl Factors {
    /// Whether a login needs a second factor.
    pub(crate) const fn is_on(self) -> bool {
        self.has_totp || self.passkeys > 0
    }

    /// The means to answer a challenge.
    pub(crate) fn methods(self) -> Vec<Method> {
        let all = [
            (Method::Passkey, self.passkeys > 0),
            (Method::Totp, self.has_totp),
            (Method::RecoveryCode, self.recovery_codes > 0),
        ];
        all.into_iter().filter_map(|(method, is_there)| is_there.then_some(method)).collect()
    }
}

/// A login that still needs its second factor, as its caller learns of it.
#[derive(Clone, Debug)]
pub(crate) struct LoginChallenge {
    pub(super) token: OneTimeSecret,
    /// The means to answer it.
    pub(crate) methods: Vec<Method>,
    /// When it ends.
    pub(crate) expires_at: OffsetDateTime,
}

impl LoginChallenge {
    /// The secret that the second step must present.
    pub(crate) fn reveal(&self) -> &str {
        self.token.reveal()
    }
}
