//! The ids of credits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::typed_id! {
    /// A number of credits that came together and expires together.
    LotId,
    /// Credits that are reserved for work under way.
    HoldId,
    /// What an operation cost at some time.
    PriceId,
    /// A checkout on which a subscription is to begin.
    CheckoutId,
    /// A subscription.
    SubscriptionId,
    /// An invoice of a subscription, as we keep it.
    SubscriptionInvoiceId,
    /// A pack that somebody buys.
    PackPurchaseId,
}
