//! Mails, before and after they are written to the outbox.

use kernel::{Locale, MailId, UserId};
use time::OffsetDateTime;

/// A mail to be written.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// The reason, such as `order-paid/{order}/buyer`; a second mail with the same key is not written.
    pub dedupe_key: String,
    /// The account, when it has one.
    pub recipient_id: Option<UserId>,
    /// The address.
    pub recipient_address: String,
    /// The language it is written in.
    pub locale: Locale,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body_text: String,
}

/// A mail in the outbox.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its id.
    pub id: MailId,
    /// To.
    pub recipient_address: String,
    /// The language.
    pub locale: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body_text: String,
    /// `queued`, `sent` or `failed`.
    pub state: String,
    /// The request that caused it.
    pub request_id: uuid::Uuid,
    /// When it was written.
    pub created_at: OffsetDateTime,
}
