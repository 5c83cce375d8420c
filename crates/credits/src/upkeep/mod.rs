//! What happens to wallets by itself: lots expire, forgotten holds come back, a month of usage begins, and somebody is
//! told that little is left. Every job takes what is due in batches of a transaction each, so that it can be killed at
//! any moment and goes on where it was.

mod jobs;
pub(crate) mod low_balance;
mod queries;

pub(crate) use jobs::registry;
pub use jobs::{ExpireLots, ReleaseForgottenHolds, ResetUsage};
pub use low_balance::NotifyLowBalance;
