//! What the buyer's bank says to a dispute of the sandbox.

/// What the buyer's bank says to a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum DisputeAtBank {
    /// Nothing yet.
    Open,
    /// The platform was right.
    Won,
    /// The buyer was right.
    Lost,
}

impl DisputeAtBank {
    /// The name in `sandbox_sessions.dispute_state`.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}
