//! What was received for credits, and what became of it.

use kernel::Yen;

/// What became of money that was received for credits, counted from the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeferredBalance {
    /// What arrived.
    pub received: Yen,
    /// What of it was earned.
    pub earned: Yen,
    /// What of it went back, spent or unspent.
    pub given_back: Yen,
    /// What of that was still owed as credits when it went back.
    pub given_back_from_owed: Yen,
}

impl DeferredBalance {
    /// What is owed as credits now.
    pub fn owed(&self) -> Yen {
        self.received - self.earned - self.given_back_from_owed
    }
}
