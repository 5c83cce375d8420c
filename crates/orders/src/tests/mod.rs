//! Orders end to end: real HTTP, a real database, real files, a Stripe double.

mod buying;
mod disputes;
mod faults;
mod fixture;
mod legal;
mod limits;
mod purchases;
mod races;
