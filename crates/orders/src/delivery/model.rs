//! The package of an entitlement, and the job that makes it.

use std::fmt;
use std::str::FromStr;

use kernel::ProductVersionId;
use platform::jobs::Job;
use platform::storage::StorageKey;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

kernel::typed_id! {
    /// The package of one entitlement, from the order to make it until it is stored.
    DeliveryId,
}

/// Makes the package of one delivery.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliverPackage {
    /// The delivery.
    pub(crate) delivery_id: DeliveryId,
}

impl Job for DeliverPackage {
    const NAME: &'static str = "orders.deliver_package";
    // Somebody has paid. When all of these have failed, upkeep asks again.
    const MAX_ATTEMPTS: i32 = 30;
    const PRIORITY: i16 = 5;
}

/// What goes into a package, and where it is stored.
pub(crate) struct PackingList {
    pub(crate) is_ready: bool,
    pub(crate) package_key: StorageKey,
    pub(crate) version_id: ProductVersionId,
    pub(crate) picture_sha256: Vec<u8>,
    pub(crate) licence_text: String,
    pub(crate) issued_at: OffsetDateTime,
}
