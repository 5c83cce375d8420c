//! What an account is.

use kernel::{AccountStatus, Role, UserId};
use serde::Serialize;
use time::OffsetDateTime;
use ui::mails::Recipient;

/// An account, as the platform knows it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: UserId,
    /// Its mail address.
    pub email: String,
    /// The name shown to others.
    pub display_name: String,
    /// What it may do.
    pub role: Role,
    /// The language of its mails: `ja` or `en`.
    pub locale: String,
    /// Whether it is banned.
    pub is_banned: bool,
    /// When mail was shown to reach its address.
    pub email_verified_at: Option<OffsetDateTime>,
}

impl Account {
    /// Whether the account is in good standing.
    pub const fn status(&self) -> AccountStatus {
        if self.is_banned { AccountStatus::Banned } else { AccountStatus::Active }
    }

    /// Whether mail was shown to reach its address.
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

/// What everyone may know of a person.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicProfile {
    /// The account.
    pub id: UserId,
    /// The name over the shop door.
    pub display_name: String,
    /// A few words of their own.
    pub bio: Option<String>,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
