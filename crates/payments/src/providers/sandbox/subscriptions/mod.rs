//! Subscriptions at the sandbox: its own books, its own clock, and the page on which anybody can try a year in a minute.
//!
//! Every subscription has a clock of its own, as Stripe's test clocks have: never behind ours, and ahead by as much as
//! its page was told to. Renewals, attempts to collect and the end of a subscription happen when that clock reaches them.

mod books;
mod checkout_page;
mod clock_page;
pub(crate) mod jobs;
mod model;
mod provider;
mod queries;
mod times;

pub(super) use checkout_page::{press as press_checkout, show as show_checkout};
pub(crate) use clock_page::{moment, press, show};
pub use jobs::TurnSandboxClocks;
pub(super) use provider::{intent_of_invoice, refund_of_invoice};

/// How the names of checkout pages for subscriptions begin; no other session's name can begin so.
pub(super) const SESSION_PREFIX: &str = "cs_sandbox_sub_";
