//! The state of payments: the configured providers and the routes of notices. Made once at the start.

use std::sync::Arc;

use axum::extract::FromRef;
use platform::App;
use platform::config::Environment;
use secrecy::SecretString;

use crate::error::PaymentError;
use crate::notices::routes::PurposeRoutes;
use crate::providers::code::ProviderCode;
use crate::providers::provider::Provider;
use crate::providers::sandbox::handle::Sandbox;
use crate::providers::stripe::client::StripeClient;
use crate::subscriptions::routes::SubscriptionRoutes;

/// The state of payments, for handlers and jobs; cheap to clone.
#[derive(Clone)]
pub struct Payments(Arc<Parts>);

struct Parts {
    app: App,
    stripe: Option<StripeClient>,
    sandbox: Option<Sandbox>,
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
        let settings = &app.config.payments;
        let stripe = settings
            .stripe_secret_key
            .clone()
            .map(|key| StripeClient::new(app.http.clone(), settings.stripe_base_url.clone(), key, app.random.clone()));
        let default_provider = match settings.provider.as_str() {
            "stripe" if stripe.is_some() => ProviderCode::Stripe,
            "sandbox" => ProviderCode::Sandbox,
            _ => return Err(PaymentError::ProviderNotConfigured("stripe")),
        };
        let production = app.config.environment == Environment::Production;
        if production && default_provider == ProviderCode::Sandbox {
            return Err(PaymentError::SandboxInProduction);
        }
        if settings.stripe_webhook_secrets.is_empty() {
            return Err(PaymentError::ProviderNotConfigured("stripe webhook"));
        }
        let sandbox = (!production).then(|| Sandbox::new(app.clone()));
        Ok(Self(Arc::new(Parts { app, stripe, sandbox, default_provider, routes })))
    }

    /// A provider that is configured.
    pub(crate) fn provider(&self, code: ProviderCode) -> Result<Provider, PaymentError> {
        match code {
            ProviderCode::Stripe => self.0.stripe.clone().map(Provider::Stripe),
            ProviderCode::Sandbox => self.0.sandbox.clone().map(Provider::Sandbox),
        }
        .ok_or(PaymentError::ProviderNotConfigured(code.as_str()))
    }

    /// The sandbox, where there is one.
    pub(crate) fn sandbox(&self) -> Option<&Sandbox> {
        self.0.sandbox.as_ref()
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

    /// The secrets that events may be signed with.
    pub(crate) fn webhook_secrets(&self) -> &[SecretString] {
        &self.0.app.config.payments.stripe_webhook_secrets
    }
}

impl FromRef<Payments> for App {
    fn from_ref(payments: &Payments) -> Self {
        payments.app().clone()
    }
}
