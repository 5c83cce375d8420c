//! What the purchase of a pack is.

use kernel::{PaymentId, Tokens, UserId, Yen};
use payments::PaymentError;
use platform::{DatabaseFault, Problem};
use thiserror::Error;
use time::OffsetDateTime;

use crate::{CreditError, PackPurchaseId};

/// Where the purchase of a pack stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PackState {
    /// The buyer may pay.
    Open,
    /// The tokens are there.
    Paid,
    /// Nobody can pay any more.
    Lapsed,
    /// What was unspent is taken back, and its money went back.
    Refunded,
}

/// A pack that somebody buys or has bought.
#[derive(Clone, Debug)]
pub struct PackPurchase {
    /// Ours; the reference of its payment.
    pub id: PackPurchaseId,
    /// Who buys.
    pub user_id: UserId,
    /// Which pack.
    pub pack_id: i32,
    /// What is in it, as it was when it was bought.
    pub tokens: Tokens,
    /// What it costs, as it was when it was bought.
    pub price: Yen,
    /// Where it stands.
    pub state: PackState,
    /// The payment, once the money is there.
    pub payment_id: Option<PaymentId>,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
}

impl PackPurchase {
    /// The key of the lot that a payment brings: one payment, one lot.
    pub fn lot_key(payment_id: PaymentId) -> String {
        format!("purchase:{payment_id}")
    }
}

/// Why a pack was not bought or not given back.
#[derive(Debug, Error)]
pub enum PackFault {
    /// There is no such pack, or it cannot be bought.
    #[error("the pack cannot be bought")]
    Unavailable,
    /// The price on the page that was agreed to is no longer the price.
    #[error("the price has changed")]
    PriceChanged,
    /// There is no such purchase, or it was never paid.
    #[error("there is no such purchase")]
    NotFound,
    /// Nothing of it is unspent.
    #[error("nothing is left to give back")]
    NothingLeft,
    /// The payment desk refused.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// Credits refused.
    #[error(transparent)]
    Credits(#[from] CreditError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseFault),
    /// An address of ours does not parse: the house's public address is wrong.
    #[error("an address of the house does not parse")]
    Address(#[from] url::ParseError),
}

impl From<PackFault> for Problem {
    fn from(fault: PackFault) -> Self {
        match fault {
            PackFault::Unavailable => Self::invalid_field("packageId", "pack_unavailable"),
            PackFault::PriceChanged => Self::conflict("price_changed_meanwhile"),
            PackFault::NotFound => Self::not_found(),
            PackFault::NothingLeft => Self::conflict("pack_spent"),
            PackFault::Payment(error) => error.into(),
            PackFault::Credits(error) => error.into(),
            PackFault::Database(error) => error.into(),
            PackFault::Address(error) => Self::internal(error),
        }
    }
}
