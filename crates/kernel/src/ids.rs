//! Typed ids: a `UserId` cannot be passed where a `ProductId` is wanted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares a newtype over [`Uuid`] that serialises, parses and stores as a plain UUID.
#[macro_export]
macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        #[schema(value_type = uuid::Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

typed_id! {
    /// A person with an account (`auth.users.id`).
    UserId,
    /// A log-in session or access token.
    SessionId,
    /// A queued piece of work.
    JobId,
    /// A stored event of any kind.
    EventId,
    /// One act of making a picture.
    GenerationId,
    /// One stored picture file.
    MediaImageId,
    /// One execution at an AI provider.
    AiJobId,
    /// A product of the catalogue (the specification's listing).
    ProductId,
    /// A frozen version of a product; what a buyer is entitled to.
    ProductVersionId,
    /// A file or text that belongs to a product version.
    ProductAssetId,
    /// A purchase.
    OrderId,
    /// One line of a purchase.
    OrderItemId,
    /// Stock that is held for an order until it is paid or lapses.
    ReservationId,
    /// The right of a buyer to download a version for ever.
    EntitlementId,
    /// A payment at a provider.
    PaymentId,
    /// A refund at a provider.
    RefundId,
    /// A balanced set of ledger entries.
    TransferId,
    /// A ledger account.
    LedgerAccountId,
    /// A mail in the outbox.
    MailId,
}
