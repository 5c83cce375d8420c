//! The state of this crate's handlers and jobs.

use std::sync::Arc;

use axum::extract::FromRef;
use payments::Payments;
use platform::App;

/// The platform and the payments that billing works with; cheap to clone, made once at the start.
#[derive(Clone)]
pub struct Billing(Arc<Parts>);

struct Parts {
    app: App,
    payments: Payments,
}

impl Billing {
    /// Billing over these parts.
    pub fn new(app: App, payments: Payments) -> Self {
        Self(Arc::new(Parts { app, payments }))
    }

    /// The parts of the platform.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// The payments.
    pub fn payments(&self) -> &Payments {
        &self.0.payments
    }
}

impl FromRef<Billing> for App {
    fn from_ref(billing: &Billing) -> Self {
        billing.app().clone()
    }
}
