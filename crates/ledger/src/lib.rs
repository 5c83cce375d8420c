//! The ledger: whose money it is.
//!
//! Every yen is written twice, by one function in the database ([`transfers::post`]); the rules that turn a business
//! fact into entries are pure and live in [`sales`] and [`payouts`]. `docs/MONEY.md` shows each with figures.
//!
//! What always holds, enforced in PostgreSQL: a transfer sums to zero, has two entries or more and never changes; a
//! balance is the sum of its entries; a business key is posted once, and the same key with another body is refused; a
//! seller's balance sinks below zero only because a buyer got money back.
//!
//! Absent on purpose: who pays and how (payments), what is sold (market), and any account for "everything else".

pub mod accounts;
pub mod balances;
pub mod deferred;
mod error;
pub mod payouts;
pub mod reconciliation;
pub mod sales;
pub mod transfers;

#[cfg(test)]
mod test_fixture;

pub use accounts::{Account, ProviderName};
pub use error::LedgerError;
pub use reconciliation::{Finding, verify};
pub use transfers::{Draft, Leg, Posted};
