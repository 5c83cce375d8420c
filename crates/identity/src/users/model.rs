//! The account and the public profile.

use kernel::{AccountStatus, Role, SessionId, UserActor, UserId};
use serde::Serialize;
use time::OffsetDateTime;
use ui::mails::Recipient;

/// The most characters of a display name.
pub const DISPLAY_NAME_CHARS_MAX: usize = 60;

/// An account with its mail address.
#[derive(Clone, Debug)]
pub struct Account {
    /// The id.
    pub id: UserId,
    /// The mail address, in the form of [`super::EmailAddress`].
    pub email: String,
    /// The name shown to others.
    pub display_name: String,
    /// What the account may do.
    pub role: Role,
    /// The language of its mails: `ja` or `en`.
    pub locale: String,
    /// Whether an operator has banned it.
    pub is_banned: bool,
    /// When its owner proved to receive mail at the address; `None` before that.
    pub email_verified_at: Option<OffsetDateTime>,
}

impl Account {
    /// Whether the account may act or is banned.
    pub const fn status(&self) -> AccountStatus {
        if self.is_banned { AccountStatus::Banned } else { AccountStatus::Active }
    }

    /// Whether its owner proved to receive mail at the address.
    pub const fn is_verified(&self) -> bool {
        self.email_verified_at.is_some()
    }

    /// The language of its mails.
    pub fn locale(&self) -> kernel::Locale {
        self.locale.parse().unwrap_or_default()
    }

    /// The account as the recipient of a mail.
    pub fn recipient(&self) -> Recipient {
        Recipient {
            user_id: Some(self.id),
            address: self.email.clone(),
            name: self.display_name.clone(),
            locale: self.locale(),
        }
    }
}

/// The actor of a request, from the columns of its profile.
pub(crate) const fn actor(
    user_id: UserId,
    session_id: SessionId,
    role: Role,
    is_banned: bool,
    display_name: String,
) -> UserActor {
    let status = if is_banned { AccountStatus::Banned } else { AccountStatus::Active };
    UserActor { user_id, session_id, role, status, display_name }
}

/// The part of a profile that everybody may see.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicProfile {
    /// The account.
    pub id: UserId,
    /// The name shown to others.
    pub display_name: String,
    /// The text about oneself.
    pub bio: Option<String>,
    /// When the account was created.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
