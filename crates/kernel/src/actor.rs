//! The actor of a request or a job. Every database transaction names one.

use serde::{Deserialize, Serialize};

use crate::ids::{SessionId, UserId};

/// Who a request or a job acts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A caller without a session or token.
    Anonymous,
    /// A person with a valid session or access token.
    User(UserActor),
    /// The platform itself, for one of the listed reasons.
    System(SystemReason),
}

/// A person with a valid session or access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserActor {
    /// The account.
    pub user_id: UserId,
    /// The session or access token that proved it.
    pub session_id: SessionId,
    /// What the account may do.
    pub role: Role,
    /// Whether the account is banned.
    pub status: AccountStatus,
    /// The name shown to others.
    pub display_name: String,
}

impl Actor {
    /// The account, when there is one.
    pub const fn user_id(&self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(user.user_id),
            Self::Anonymous | Self::System(_) => None,
        }
    }

    /// The logged-in person, when there is one.
    pub const fn user(&self) -> Option<&UserActor> {
        match self {
            Self::User(user) => Some(user),
            Self::Anonymous | Self::System(_) => None,
        }
    }
}

/// What an account may do (`user_profiles.role`; the specification's `user | seller | admin`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Role {
    /// May generate pictures and buy.
    User,
    /// A user who has published a product.
    Seller,
    /// An operator of the platform.
    Admin,
}

/// Whether an account may act (`user_profiles.is_banned`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountStatus {
    /// May do what its role allows.
    Active,
    /// May log in and download what it bought, and nothing else.
    Banned,
}

/// Why the platform acts without a user; the only reasons for a `service_role` transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemReason {
    /// Finding the account of a log-in, session or token, before there is an actor.
    Authentication,
    /// Creating an account.
    Registration,
    /// Running queued work.
    Job,
    /// Storing and handling a provider's webhook event.
    Webhook,
    /// A use case that writes what no user may write directly (orders, stock, ledger, published state).
    PlatformRules,
    /// An operator's action.
    Operator,
    /// Health checks, metrics, the mail outbox and clean-up.
    Maintenance,
    /// Creating the demo's accounts and pictures.
    Seed,
    /// `machiya verify`.
    Verification,
}

impl SystemReason {
    /// The name in logs and in `request.jwt.claims`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Registration => "registration",
            Self::Job => "job",
            Self::Webhook => "webhook",
            Self::PlatformRules => "platform_rules",
            Self::Operator => "operator",
            Self::Maintenance => "maintenance",
            Self::Seed => "seed",
            Self::Verification => "verification",
        }
    }
}
