//! The payment fixture: the providers, the routes, and the platform around them. Made once at the start.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::routing::{get, post};
use platform::App;
use platform::config::Environment;
use platform::jobs::{JobRun, Registry};
use secrecy::SecretString;
use time::Duration;

use crate::PaymentError;
use crate::notices::PurposeRoutes;
use crate::providers::sandbox::{self, DeliverSandboxEvent, Sandbox, TurnSandboxClocks};
use crate::providers::stripe::StripeClient;
use crate::providers::{Provider, ProviderCode};
use crate::reconciliation::{self, CheckPayment, Reconcile};
use crate::refunds::{self, IssueRefund};
use crate::subscriptions::SubscriptionRoutes;
use crate::subscriptions::follow::{self, FollowSubscription, FollowSubscriptionCheckout};
use crate::tax_invoices;
use crate::webhook_inbox::{self, HandleEvent};

/// How often the reconciler looks for what is due.
const RECONCILE_EVERY: Duration = Duration::minutes(1);

/// How often the sandbox looks which of its clocks have reached something.
const TURN_EVERY: Duration = Duration::minutes(1);

/// A handle to the fixture; cheap to clone.
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
    /// Opens the fixture with the providers that are configured.
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

    /// The webhook, the papers for the buyer's books and, where there is a sandbox, its checkout page.
    pub fn routes(&self) -> Router<App> {
        let mut router = Router::new().route(
            "/api/webhooks/stripe",
            post(webhook_inbox::api::receive).layer(DefaultBodyLimit::max(webhook_inbox::api::BODY_BYTES_MAX)),
        );
        if self.sandbox().is_some() {
            router =
                router.route("/sandbox/checkout/{id}", get(sandbox::pages::show).post(sandbox::pages::press)).route(
                    "/sandbox/subscriptions/{id}",
                    get(sandbox::subscriptions::show).post(sandbox::subscriptions::press),
                );
        }
        router.with_state(self.clone()).merge(tax_invoices::routes())
    }

    /// The jobs of payments.
    pub fn jobs(&self) -> Registry {
        let (events, refunds, checks, deliveries) = (self.clone(), self.clone(), self.clone(), self.clone());
        let (subscriptions, checkouts, clocks) = (self.clone(), self.clone(), self.clone());
        let registry = Registry::new()
            .on(move |run: JobRun<HandleEvent>| webhook_inbox::jobs::handle(events.clone(), run))
            .on(move |run: JobRun<IssueRefund>| refunds::jobs::issue(refunds.clone(), run))
            .on(move |run: JobRun<CheckPayment>| reconciliation::jobs::check_payment(checks.clone(), run))
            .on(move |run: JobRun<DeliverSandboxEvent>| sandbox::jobs::deliver(deliveries.clone(), run))
            .on(move |run: JobRun<FollowSubscription>| follow::follow(subscriptions.clone(), run))
            .on(move |run: JobRun<FollowSubscriptionCheckout>| follow::follow_checkout(checkouts.clone(), run))
            .on(reconciliation::jobs::reconcile)
            .every(RECONCILE_EVERY, &Reconcile {});
        if self.sandbox().is_none() {
            return registry;
        }
        registry
            .on(move |run: JobRun<TurnSandboxClocks>| sandbox::subscriptions::jobs::turn(clocks.clone(), run))
            .every(TURN_EVERY, &TurnSandboxClocks {})
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

    /// What tells our payments from those of another house at the same account.
    pub(crate) fn installation_name(&self) -> String {
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
