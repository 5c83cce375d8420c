//! Sales, and what becomes of them: refund, fee, maturity, dispute.

mod correct;
mod disputes;
mod model;
mod queries;
pub mod rules;
mod use_cases;

#[cfg(test)]
mod database_tests;
#[cfg(test)]
mod tests;

pub use correct::{attribute_refund, correct_refund};
pub use disputes::{DisputeEnd, end_dispute, hold_disputed, reverse_lost_dispute};
pub use model::{Attribution, ItemState, Sale, SaleLine, Split, attribute, split_sale, spread};
pub use queries::{items_of_order, payment_is_accounted, sale_exists};
pub use use_cases::{RefundExtent, mature, record_fee, record_receipt, record_refund, record_sale, record_sales};
