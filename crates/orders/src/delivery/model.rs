//! The id of a delivery.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::typed_id! {
    /// The package of one entitlement, from the order to make it until it is stored.
    DeliveryId,
}
