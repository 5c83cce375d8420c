//! Payments end to end: real HTTP, a real database, a Stripe double, and a market of three jobs.

mod checkout_tests;
mod desk;
mod dispute_tests;
mod refund_tests;
mod sandbox_tests;
mod webhook_tests;
