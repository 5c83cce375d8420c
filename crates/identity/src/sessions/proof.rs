//! How lately, and by what, somebody proved who they are.

use http::StatusCode;
use kernel::{Ctx, SessionId};
use platform::{DatabaseError, Problem, Tx};
use time::OffsetDateTime;

use super::model::{Factor, PROOF_LIFETIME};
use super::queries;

/// A proof of identity.
#[derive(Clone, Debug)]
pub struct Proof {
    /// When it was given.
    pub authenticated_at: OffsetDateTime,
    /// Everything by which the session was proved so far.
    pub factors: Vec<Factor>,
}

impl Proof {
    /// Whether it is not older than [`PROOF_LIFETIME`].
    pub fn is_recent(&self, now: OffsetDateTime) -> bool {
        now - self.authenticated_at <= PROOF_LIFETIME
    }

    /// Whether two different things were shown: something known or owned, and a second one, or a passkey, which is both.
    pub fn has_second_factor(&self) -> bool {
        self.factors.iter().any(|factor| matches!(factor, Factor::Passkey | Factor::Totp | Factor::RecoveryCode))
    }
}

/// The proof behind a session; nothing for an API token or a token of another server, which prove nothing anew.
///
/// # Errors
/// When the database does not answer.
pub async fn proof(tx: &mut Tx, id: SessionId) -> Result<Option<Proof>, DatabaseError> {
    let found = queries::proof(tx, id).await?;
    Ok(found.map(|(authenticated_at, factors)| Proof {
        authenticated_at,
        factors: factors.iter().filter_map(|name| Factor::parse(name)).collect(),
    }))
}

/// Refuses what only somebody may do who has lately proved who they are. Works in a transaction of the platform and in one
/// of the person.
///
/// # Errors
/// 403 `reauthentication_required`; pages lead to `/account/confirm` then. 401 when nobody is logged in.
pub async fn require_recent_proof(ctx: &Ctx, tx: &mut Tx) -> Result<Proof, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let proof = proof(tx, user.session_id).await?;
    proof
        .filter(|proof| proof.is_recent(ctx.now()))
        .ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, "reauthentication_required"))
}
