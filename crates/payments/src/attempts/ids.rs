//! The id of an attempt.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::typed_id! {
    /// An attempt to pay a payment at a provider.
    AttemptId,
}
