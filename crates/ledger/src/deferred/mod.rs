//! Credits that were paid for: owed until they are used or expire, earned then.

mod model;
mod queries;
mod record;
#[cfg(test)]
mod tests;

pub use model::DeferredBalance;
pub use record::{CreditRefund, balance_of, hold, recognise, record_receipt, record_refund, record_refund_of};
