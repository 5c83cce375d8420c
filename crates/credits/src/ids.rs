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
}
