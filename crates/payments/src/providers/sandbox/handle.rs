//! A handle to the sandbox.

use kernel::{Ctx, SystemReason};
use platform::{App, DatabaseError, Tx};
use serde_json::Value;

use crate::providers::error::ProviderError;

/// The sandbox.
#[derive(Clone)]
pub(crate) struct Sandbox {
    app: App,
}

impl Sandbox {
    pub(crate) const fn new(app: App) -> Self {
        Self { app }
    }

    pub(super) const fn app(&self) -> &App {
        &self.app
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
