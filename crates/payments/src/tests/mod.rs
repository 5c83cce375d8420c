//! Payments end to end: real HTTP, a real database, a Stripe double, a market of three jobs, and an installation of credits
//! that writes down what it is told.

mod addressee_tests;
mod attempt_tests;
mod attribution_tests;
mod checkout_tests;
mod credit_refund_tests;
mod dispute_tests;
mod fixture;
mod refund_tests;
mod sandbox_clock_tests;
mod sandbox_tests;
mod subscription_fault_tests;
mod subscription_fixture;
mod subscription_tests;
mod tax_invoices_tests;
mod webhook_tests;
