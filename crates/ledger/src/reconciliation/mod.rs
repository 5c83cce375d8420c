//! The proof: what `machiya verify` asks of the ledger. Nothing is repaired here; a finding is an operator's matter.

mod finding;
mod queries;
#[cfg(test)]
mod tests;
mod verify;

pub use finding::Finding;
pub use verify::verify;
