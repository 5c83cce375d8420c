//! Payments: opened for a purpose, moved forward by what a provider says.

mod apply;
pub(crate) mod cancel;
mod model;
mod open;
pub(crate) mod queries;
mod redirect;

pub(crate) use apply::{apply, lapse_unopened, note_failure, note_fee};
pub(crate) use model::Payment;
pub use model::{NewPayment, PaymentStatus, PaymentView, Purpose};
pub use open::find_for;
pub(crate) use redirect::{WantedBy, ensure_session};
