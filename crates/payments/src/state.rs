//! The state of payments: the configured providers and the routes of notices. Made once at the start.

use std::sync::Arc;

use axum::extract::FromRef;
use platform::App;
use platform::config::Environment;
use url::Url;

use crate::error::PaymentError;
use crate::notices::routes::PurposeRoutes;
use crate::providers::code::ProviderCode;
use crate::providers::provider::Provider;
use crate::providers::sandbox::handle::{Sandbox, SandboxBehaviour};
use crate::providers::stripe::client::StripeClient;
use crate::subscriptions::routes::SubscriptionRoutes;

/// The state of payments, for handlers and jobs; cheap to clone.
#[derive(Clone)]
pub struct Payments(Arc<Parts>);

struct Parts {
    app: App,
    providers: Vec<Provider>,
    default_provider: ProviderCode,
    routes: PurposeRoutes,
}

impl Payments {
    /// Opens payments with the providers that are configured.
    ///
    /// # Errors
    /// [`PaymentError::SandboxInProduction`], and [`PaymentError::ProviderNotConfigured`] when new payments should go to
    /// a provider without a key, or when there is no secret to check events with.
    pub fn new(app: App, routes: PurposeRoutes) -> Result<Self, PaymentError> {
        Self::with_sandbox(app, routes, SandboxBehaviour::default())
    }

    /// As [`Payments::new`], with a sandbox that behaves as another sort of provider.
    ///
    /// # Errors
    /// As [`Payments::new`].
    pub fn with_sandbox(app: App, routes: PurposeRoutes, behaviour: SandboxBehaviour) -> Result<Self, PaymentError> {
        let settings = &app.config.payments;
        let default_provider: ProviderCode =
            settings.provider.parse().map_err(|_| PaymentError::ProviderNotConfigured("payment provider"))?;
        let mut providers = Vec::new();
        if let Some(key) = settings.stripe_secret_key.clone() {
            let secrets = &settings.stripe_webhook_secrets;
            if secrets.is_empty() {
                return Err(PaymentError::ProviderNotConfigured("stripe webhook"));
            }
            let (http, address) = (app.http.clone(), settings.stripe_base_url.clone());
            providers.push(Provider::Stripe(StripeClient::new(http, address, key, secrets, app.random.clone())));
        }
        if app.config.environment != Environment::Production {
            let secret = settings.stripe_webhook_secrets.first();
            let secret = secret.ok_or(PaymentError::ProviderNotConfigured("sandbox webhook"))?;
            providers.push(Provider::Sandbox(Sandbox::new(app.clone(), secret, behaviour)));
        } else if default_provider == ProviderCode::Sandbox {
            return Err(PaymentError::SandboxInProduction);
        }
        if !providers.iter().any(|provider| provider.code() == default_provider) {
            return Err(PaymentError::ProviderNotConfigured(default_provider.as_str()));
        }
        Ok(Self(Arc::new(Parts { app, providers, default_provider, routes })))
    }

    /// A provider that is configured.
    pub(crate) fn provider(&self, code: ProviderCode) -> Result<Provider, PaymentError> {
        let found = self.0.providers.iter().find(|provider| provider.code() == code);
        found.cloned().ok_or(PaymentError::ProviderNotConfigured(code.as_str()))
    }

    /// The providers at which a buyer may pay, the default one first.
    pub fn checkout_providers(&self) -> Vec<ProviderCode> {
        let mut codes: Vec<ProviderCode> = self.0.providers.iter().map(Provider::code).collect();
        codes.sort_by_key(|code| *code != self.0.default_provider);
        codes
    }

    /// The origins, besides our own, of the pages to which the configured providers send a buyer: the only ones to which a
    /// form may lead.
    pub fn page_origins(&self) -> Vec<&'static str> {
        self.0.providers.iter().flat_map(Provider::page_origins).copied().collect()
    }

    /// The address of a page at a provider, or of one of ours; a buyer is sent nowhere else.
    pub(crate) fn page_at(&self, provider: &Provider, address: &str) -> Result<Url, PaymentError> {
        let url = Url::parse(address).map_err(|_| PaymentError::ProviderUnavailable("unreadable".to_owned()))?;
        let origin = url.origin().ascii_serialization();
        let is_known = provider.page_origins().contains(&origin.as_str()) || origin == self.installation();
        if is_known { Ok(url) } else { Err(PaymentError::ProviderUnavailable("page_elsewhere".to_owned())) }
    }

    /// The sandbox, where there is one.
    pub(crate) fn sandbox(&self) -> Option<&Sandbox> {
        self.0.providers.iter().find_map(|provider| match provider {
            Provider::Sandbox(sandbox) => Some(sandbox),
            Provider::Stripe(_) => None,
        })
    }

    /// Where new payments go.
    pub fn default_provider(&self) -> ProviderCode {
        self.0.default_provider
    }

    pub(crate) fn app(&self) -> &App {
        &self.0.app
    }

    pub(crate) fn purposes(&self) -> &PurposeRoutes {
        &self.0.routes
    }

    pub(crate) fn subscription_routes(&self) -> &SubscriptionRoutes {
        self.0.routes.of_subscriptions()
    }

    /// What tells our payments from those of another installation at the same account at a provider.
    pub(crate) fn installation(&self) -> String {
        self.0.app.config.public_url.origin().ascii_serialization()
    }
}

impl FromRef<Payments> for App {
    fn from_ref(payments: &Payments) -> Self {
        payments.app().clone()
    }
}
