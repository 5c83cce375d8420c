//! What a hold is made of.

use kernel::{GenerationId, Tokens, UserId};
use time::OffsetDateTime;

use crate::ids::HoldId;
use crate::lots::model::Amount;
use crate::prices::model::{Operation, Price};

/// Credits that are to be reserved.
#[derive(Clone, Debug)]
pub struct NewHold<'a> {
    /// Whose.
    pub user_id: UserId,
    /// What makes it unique: `generation:{id}`.
    pub business_key: String,
    /// What is to be done.
    pub operation: Operation,
    /// What it costs.
    pub price: &'a Price,
    /// What is to be made.
    pub generation_id: Option<GenerationId>,
    /// When it comes back by itself, because whoever made it has died.
    pub expires_at: OffsetDateTime,
}

/// Where a hold stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum HoldState {
    /// Reserved.
    Held,
    /// Spent, in whole or in part.
    Captured,
    /// Given back.
    Released,
}

/// Reserved credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The hold.
    pub id: HoldId,
    /// What is reserved, in the unit that it is paid with.
    pub amount: Amount,
    /// Where it stands; of a repeated call it may be over already.
    pub state: HoldState,
    /// Whether this call made it.
    pub is_new: bool,
}

/// What the work really cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actual {
    /// What was held.
    AsHeld,
    /// So many tokens, at most what was held; the rest goes back. A hold of image credits is captured as held.
    Tokens(Tokens),
}

/// A hold that was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The hold.
    pub id: HoldId,
    /// What was spent.
    pub amount: Amount,
    /// Whether this call spent it.
    pub is_new: bool,
}

/// Why a hold is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReleaseReason {
    /// The work failed.
    Failed,
    /// The provider refused it.
    Refused,
    /// The person did not want it any more.
    Cancelled,
    /// It took too long.
    TimedOut,
    /// It was not needed: the same had been made before.
    Unused,
}

impl ReleaseReason {
    /// The name in `credit_holds.release_reason`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::TimedOut => "timed_out",
            Self::Unused => "unused",
        }
    }
}
