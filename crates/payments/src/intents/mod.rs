//! Payments: opened for a purpose, moved forward by what a provider says.

pub(crate) mod apply;
pub(crate) mod cancel;
pub(crate) mod model;
pub(crate) mod open;
pub(crate) mod queries;
pub(crate) mod redirect;

pub use model::{NewPayment, PaymentStatus, PaymentView};
pub use open::find_for;
