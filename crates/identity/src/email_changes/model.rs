//! A pending change of address and the outcome of a confirmation.

use std::fmt;
use std::str::FromStr;

use kernel::UserId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::one_time_links::model::LinkPurpose;

kernel::typed_id! {
    /// The id of a change of address.
    EmailChangeId,
}

/// The purposes of the two links of a change.
pub(super) const LINK_PURPOSES: [LinkPurpose; 2] = [LinkPurpose::ChangeEmailOld, LinkPurpose::ChangeEmailNew];

/// A change that waits for one or both links.
#[derive(Clone, Debug)]
pub(super) struct PendingChange {
    /// The id.
    pub id: EmailChangeId,
    /// The account.
    pub user_id: UserId,
    /// The new address.
    pub new_email: String,
    /// When the link to the present address was used.
    pub old_confirmed_at: Option<OffsetDateTime>,
    /// When the link to the new address was used.
    pub new_confirmed_at: Option<OffsetDateTime>,
}

/// The outcome of a used link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confirmed {
    /// The other link is still to be used.
    Half,
    /// The account has its new address.
    Done,
}

/// The purpose that the parameter `type` of a link names.
pub(super) fn purpose_of(name: &str) -> LinkPurpose {
    if name == LinkPurpose::ChangeEmailNew.as_str() { LinkPurpose::ChangeEmailNew } else { LinkPurpose::ChangeEmailOld }
}
