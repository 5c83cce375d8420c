//! The market end to end: real HTTP, a real database, real files, a Stripe double.

mod buying;
mod disputes;
mod faults;
mod fixture;
mod gallery;
mod legal;
mod limits;
mod orders;
mod publishing;
mod races;
mod views;
