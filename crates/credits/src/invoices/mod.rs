//! Invoices of subscriptions: each is recorded once, its money is on the ledger, and it gives what was paid for, once.

pub(crate) mod give;
pub(crate) mod grants;
pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod refunded;
pub(crate) mod settle;

pub use refunded::InvoiceRefunded;
