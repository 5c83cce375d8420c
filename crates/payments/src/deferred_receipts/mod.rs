//! Money for credits: owed to the buyer as credits until they are used, and so on the ledger as a deferred receipt.

mod queries;
pub(crate) mod record;
