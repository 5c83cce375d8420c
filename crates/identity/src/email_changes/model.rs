//! What a change of address is.

use std::fmt;
use std::str::FromStr;

use kernel::UserId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

kernel::typed_id! {
    /// A change of address that somebody asked for.
    EmailChangeId,
}

/// A change that waits for one or both links.
#[derive(Clone, Debug)]
pub struct PendingChange {
    /// Its id.
    pub id: EmailChangeId,
    /// Whose address.
    pub user_id: UserId,
    /// The address to be.
    pub new_email: String,
    /// When the present address agreed.
    pub old_confirmed_at: Option<OffsetDateTime>,
    /// When the other address answered.
    pub new_confirmed_at: Option<OffsetDateTime>,
}
