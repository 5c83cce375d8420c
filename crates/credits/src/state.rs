//! The billing fixture: the platform and its payment fixture, for whoever begins, changes or pays for a plan. Made once at the
//! start.

use std::sync::Arc;

use axum::extract::FromRef;
use payments::Payments;
use platform::App;

/// A handle to the fixture; cheap to clone.
#[derive(Clone)]
pub struct Billing(Arc<Parts>);

struct Parts {
    app: App,
    payments: Payments,
}

impl Billing {
    /// Opens the fixture.
    pub fn new(app: App, payments: Payments) -> Self {
        Self(Arc::new(Parts { app, payments }))
    }

    /// The parts of the platform.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// The payment fixture.
    pub fn payments(&self) -> &Payments {
        &self.0.payments
    }
}

impl FromRef<Billing> for App {
    fn from_ref(billing: &Billing) -> Self {
        billing.app().clone()
    }
}
