//! Doubles of payment providers: real HTTP, the real wire format, and faults on command.
//!
//! They know nothing of the crates that they test, so that a mistake cannot be made on both sides at once.

mod faults;
mod form;
mod objects;
mod routes;
mod stripe;
mod world;

pub use faults::Fault;
pub use routes::RecordedRequest;
pub use stripe::{SentEvent, StripeDouble};
pub use world::{RefundRecord, SessionRecord};
