//! A handle to the sandbox.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Ctx, SystemReason};
use platform::{App, DatabaseError, Tx};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;

use crate::providers::error::ProviderError;

/// As which sort of provider the sandbox behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SandboxBehaviour {
    /// False: what a buyer approved is captured by a call of ours, as at PayPal.
    pub captures_at_once: bool,
    /// False: its webhooks carry no signature, as PayPay's.
    pub signs_events: bool,
}

impl Default for SandboxBehaviour {
    fn default() -> Self {
        Self { captures_at_once: true, signs_events: true }
    }
}

/// The sandbox.
#[derive(Clone)]
pub(crate) struct Sandbox {
    app: App,
    secret: SecretString,
    behaviour: SandboxBehaviour,
}

impl Sandbox {
    /// Its events are signed with a key of its own, derived from `webhook_secret`: what it signs is worth nothing at
    /// another provider's webhook.
    pub(crate) fn new(app: App, webhook_secret: &SecretString, behaviour: SandboxBehaviour) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC accepts a key of any length")]
        let mut mac =
            Hmac::<Sha256>::new_from_slice(webhook_secret.expose_secret().as_bytes()).expect("any key length");
        mac.update(b"sandbox webhook");
        Self { app, secret: SecretString::from(hex::encode(mac.finalize().into_bytes())), behaviour }
    }

    pub(super) const fn app(&self) -> &App {
        &self.app
    }

    pub(super) const fn secret(&self) -> &SecretString {
        &self.secret
    }

    pub(super) const fn behaviour(&self) -> SandboxBehaviour {
        self.behaviour
    }

    pub(super) fn ctx(&self) -> Ctx {
        self.app.system_ctx(SystemReason::PlatformRules)
    }

    pub(super) async fn begin(&self) -> Result<Tx, DatabaseError> {
        self.app.db.begin_system(SystemReason::PlatformRules).await
    }

    pub(super) fn page_url(&self, session_id: &str) -> String {
        self.app.config.absolute_url(&format!("/sandbox/checkout/{session_id}"))
    }
}

/// Reads a row with the types of Stripe's answers.
pub(super) fn parse<T: serde::de::DeserializeOwned>(object: Value) -> Result<T, ProviderError> {
    serde_json::from_value(object).map_err(|error| {
        tracing::error!(%error, "the sandbox does not speak Stripe's language");
        ProviderError::Unavailable("sandbox_unreadable".to_owned())
    })
}
