//! Subscriptions at the sandbox: its own tables, its own clock, and the page on which anybody can try a year in a minute.
//!
//! Every subscription has a clock of its own, as Stripe's test clocks have: never behind ours, and ahead by as much as
//! somebody chose on its page. Renewals, attempts to collect and the end of a subscription happen when that clock reaches them.

mod billing_run;
pub(crate) mod checkout_page;
pub(crate) mod clock_page;
pub(crate) mod jobs;
mod model;
pub(crate) mod provider;
mod queries;
mod times;
