//! Doubles of payment providers: real HTTP, the real wire format, and faults on command.
//!
//! They know nothing of the crates that they test, so that a mistake cannot be made on both sides at once.

mod billing;
mod billing_handle;
mod billing_objects;
mod billing_records;
mod billing_routes;
mod faults;
mod form;
mod objects;
mod routes;
mod stripe;
mod world;

pub use billing_records::{
    CustomerRecord, InvoiceRecord, LineRecord, PriceRecord, ScheduleRecord, SubscriptionRecord,
    SubscriptionSessionRecord,
};
pub use faults::Fault;
pub use stripe::{SentEvent, StripeDouble};
pub use world::{RecordedRequest, RefundRecord, SessionRecord};
