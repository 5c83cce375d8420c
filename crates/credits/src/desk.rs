//! The billing desk: the house and its payment desk, for whoever begins, changes or pays for a plan. Made once at the
//! start.

use std::sync::Arc;

use axum::extract::FromRef;
use payments::Payments;
use platform::House;

/// A handle to the desk; cheap to clone.
#[derive(Clone)]
pub struct Billing(Arc<Parts>);

struct Parts {
    house: House,
    payments: Payments,
}

impl Billing {
    /// Opens the desk.
    pub fn new(house: House, payments: Payments) -> Self {
        Self(Arc::new(Parts { house, payments }))
    }

    /// The parts of the house.
    pub fn house(&self) -> &House {
        &self.0.house
    }

    /// The payment desk.
    pub fn payments(&self) -> &Payments {
        &self.0.payments
    }
}

impl FromRef<Billing> for House {
    fn from_ref(billing: &Billing) -> Self {
        billing.house().clone()
    }
}
