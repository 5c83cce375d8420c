//! Payments: money for a purpose, paid by one of any number of attempts.

pub(crate) mod model;
pub(crate) mod open;
pub(crate) mod queries;

pub use model::{NewPayment, PaymentStatus, PaymentView};
pub use open::find_for;
