//! Who acts: no connection and no change without one.

use serde::{Deserialize, Serialize};

use crate::{SessionId, UserId};

/// Who acts in a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody without a session.
    Anonymous,
    /// Somebody who has logged in.
    User(UserActor),
    /// The platform itself.
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
    /// Whether the account is in good standing.
    pub standing: Standing,
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
    /// Makes and buys.
    User,
    /// Makes, buys and has published something.
    Seller,
    /// Runs the platform.
    Admin,
}

/// Whether an account is in good standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// May do what its role allows.
    Good,
    /// May log in and download what it bought, and nothing else.
    Banned,
}

/// Why the platform acts by itself. This list is closed: a new reason is a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemReason {
    /// Finding the account behind a log-in, a session or a token, before there is an actor.
    Authentication,
    /// Creating an account.
    Registration,
    /// Running queued work.
    Job,
    /// Taking in a provider's event.
    Webhook,
    /// A use case that writes what no person may write directly (orders, stock, ledger, published state).
    PlatformRules,
    /// An operator's action.
    Operator,
    /// Health, metrics, the outbox and other upkeep.
    Maintenance,
    /// The demo's accounts and pictures.
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
            Self::PlatformRules => "house_rules",
            Self::Operator => "operator",
            Self::Maintenance => "maintenance",
            Self::Seed => "seed",
            Self::Verification => "verification",
        }
    }
}
