//! Invoices of subscriptions: each is recorded once, its money is on the ledger, and it gives what was paid for, once.

pub(crate) mod give;
pub(crate) mod grants;
pub(crate) mod model;
pub(crate) mod queries;
mod refunded;
mod settle;

pub(crate) use give::{GrantMonths, grant_due};
pub use refunded::InvoiceRefunded;
pub(crate) use refunded::on_refunded;
pub(crate) use settle::settle;
