//! What a lot is made of.

use kernel::{ImageCredits, PaymentId, Tokens, UserId, Yen};
use serde_json::Value;
use time::OffsetDateTime;

use crate::ids::LotId;

/// A number of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// Tokens, in thousandths.
    Tokens(Tokens),
    /// Image credits.
    Images(ImageCredits),
}

impl Amount {
    /// The unit, as in the database: `token` or `image`.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Tokens(_) => "token",
            Self::Images(_) => "image",
        }
    }

    /// The number: thousandths of a token, or image credits.
    pub const fn get(self) -> i64 {
        match self {
            Self::Tokens(tokens) => tokens.0,
            Self::Images(images) => images.0,
        }
    }

    /// The same number of the same unit as the database has it.
    pub(crate) fn of(unit: &str, amount: i64) -> Self {
        if unit == "image" { Self::Images(ImageCredits(amount)) } else { Self::Tokens(Tokens(amount)) }
    }
}

/// Where credits come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LotSource {
    /// A period of a plan.
    PlanGrant,
    /// A pack.
    Purchase,
    /// Given back for something that went wrong.
    Refund,
    /// An operator's gift or correction.
    AdminAdjustment,
    /// The beginning of an account.
    SignUp,
}

impl LotSource {
    /// The name in `credit_lots.source`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlanGrant => "plan_grant",
            Self::Purchase => "purchase",
            Self::Refund => "refund",
            Self::AdminAdjustment => "admin_adjustment",
            Self::SignUp => "sign_up",
        }
    }
}

/// Credits that are to be given.
#[derive(Clone, Debug)]
pub struct NewLot {
    /// To whom.
    pub user_id: UserId,
    /// How many of what; above zero.
    pub amount: Amount,
    /// Where they come from.
    pub source: LotSource,
    /// What makes this gift unique: `plan_grant:{invoice}`, `purchase:{payment}`.
    pub business_key: String,
    /// What was paid for these; earned as they are used or expire.
    pub paid: Yen,
    /// The payment, where money was paid.
    pub payment_id: Option<PaymentId>,
    /// When they can no longer be spent; nothing is for ever.
    pub expires_at: Option<OffsetDateTime>,
    /// For the statement; a JSON object.
    pub detail: Value,
}

/// What was taken back of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// The lot.
    pub lot_id: LotId,
    /// What was unspent and not held.
    pub amount: Amount,
    /// What was paid for that: what goes back.
    pub yen_unspent: Yen,
    /// Whether this call took it.
    pub is_new: bool,
}

/// Credits that an operator takes away; no money goes back.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    /// From whom.
    pub user_id: UserId,
    /// How many of what; above zero.
    pub amount: Amount,
    /// What makes it unique.
    pub business_key: String,
    /// For the statement: reason and operator; a JSON object.
    pub detail: Value,
}
