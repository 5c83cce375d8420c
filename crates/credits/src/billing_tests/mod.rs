//! Plans and packs end to end: real HTTP, a real database, the sandbox or a double of Stripe.

mod begin;
mod dunning;
mod edits;
mod faults;
mod packs;
mod pages;
mod previews;
mod refunds;
mod till;
mod year;
