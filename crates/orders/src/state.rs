//! What orders work with, made once at the start.

use std::sync::Arc;

use axum::extract::FromRef;
use payments::Payments;
use platform::App;

use crate::legal::texts::LegalTexts;

/// A handle to the orders of an installation; cheap to clone.
#[derive(Clone)]
pub struct Orders(Arc<Parts>);

struct Parts {
    app: App,
    payments: Payments,
    legal_texts: LegalTexts,
}

impl Orders {
    /// Makes it, and reads the operator's legal texts.
    pub fn new(app: App, payments: Payments) -> Self {
        let legal_texts = LegalTexts::read(app.config.operator.legal_dir.as_deref());
        Self(Arc::new(Parts { app, payments, legal_texts }))
    }

    /// The parts of the platform.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// What takes and returns the money.
    pub fn payments(&self) -> &Payments {
        &self.0.payments
    }

    pub(crate) fn legal_texts(&self) -> &LegalTexts {
        &self.0.legal_texts
    }
}

impl FromRef<Orders> for App {
    fn from_ref(orders: &Orders) -> Self {
        orders.0.app.clone()
    }
}
