//! What the double knows and does wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::Clock;

/// The client id of the platform at the double.
pub const OIDC_CLIENT_ID: &str = "machiya-at-the-double";
/// The client secret of the platform at the double.
pub const OIDC_CLIENT_SECRET: &str = "a secret that the double knows";

/// Somebody with an account at the double.
#[derive(Clone, Debug)]
pub struct OidcPerson {
    /// Who it is there, for ever.
    pub subject: String,
    /// The address.
    pub email: Option<String>,
    /// Whether the double says that it has verified it.
    pub email_verified: bool,
    /// The name.
    pub name: String,
}

impl OidcPerson {
    /// Somebody with a verified address.
    pub fn new(subject: &str, email: &str, name: &str) -> Self {
        Self { subject: subject.to_owned(), email: Some(email.to_owned()), email_verified: true, name: name.to_owned() }
    }
}

/// What the double does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OidcError {
    /// Discovery answers 502.
    Down,
    /// The token endpoint answers 500.
    TokenDown,
    /// Discovery answers with four million letters.
    EndlessAnswer,
    /// Discovery names another issuer.
    OtherIssuerInDiscovery,
    /// The way back names another issuer.
    OtherIssuerInCallback,
    /// The person says no.
    Denied,
    /// The token answers another question.
    WrongNonce,
    /// The token is for another client.
    WrongAudience,
    /// The token is for us and for another client.
    TwoAudiences,
    /// The token names another issuer.
    WrongIssuer,
    /// The token was good an hour ago.
    Expired,
    /// The token will be good tomorrow.
    IssuedTomorrow,
    /// The token says that it needs no signature, and has none.
    AlgorithmNone,
    /// The token is signed with the client's secret.
    AlgorithmHs256,
    /// The token's key is none that the double says it has.
    UnknownKey,
    /// The signature is over something else.
    WrongSignature,
    /// The token belongs to another access token.
    WrongAccessToken,
    /// The token has no subject.
    NoSubject,
}

/// A code that was handed out.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) challenge: String,
    pub(super) nonce: String,
    pub(super) redirect_uri: String,
    pub(super) person: Option<OidcPerson>,
}

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) person: Option<OidcPerson>,
    pub(super) faults: BTreeSet<OidcError>,
    pub(super) codes: BTreeMap<String, Asked>,
    pub(super) generation: u32,
    pub(super) times_discovered: u32,
}

/// The double as its handlers share it.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) issuer: String,
    pub(super) clock: Clock,
    pub(super) world: Arc<Mutex<World>>,
}

impl Shared {
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn has(&self, fault: OidcError) -> bool {
        self.with(|world| world.faults.contains(&fault))
    }
}
