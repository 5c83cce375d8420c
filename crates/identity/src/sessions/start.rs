//! A session begins, a session ends.

use std::net::IpAddr;

use kernel::{Ctx, SessionId, UserId};
use platform::{DatabaseError, Tx};

use super::model::{Beginning, Factor, SESSION_LIFETIME, SessionKind, SessionToken, StartedSession};
use super::queries;

/// Begins a session for somebody who has proved who they are by a password; see [`begin`].
///
/// # Errors
/// When the database does not answer.
pub async fn start(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    kind: SessionKind,
    user_agent: &str,
    address: Option<IpAddr>,
) -> Result<StartedSession, DatabaseError> {
    begin(ctx, tx, &Beginning { user_id, kind, user_agent, address, factors: &[Factor::Password] }).await
}

/// Begins a session for somebody who has just proved who they are, in a transaction of the platform. Always a new secret, so
/// that one planted before the log-in is worth nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(ctx: &Ctx, tx: &mut Tx, beginning: &Beginning<'_>) -> Result<StartedSession, DatabaseError> {
    let token = SessionToken::generate(ctx.random());
    let started = StartedSession { id: ctx.new_id(), expires_at: ctx.now() + SESSION_LIFETIME, token };
    let user_agent: String = beginning.user_agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let factors: Vec<String> = beginning.factors.iter().map(|factor| factor.as_str().to_owned()).collect();
    let new = queries::NewSession {
        id: started.id,
        user_id: beginning.user_id,
        kind: beginning.kind,
        token_hash: &started.token.hash(),
        user_agent: &user_agent,
        address: beginning.address,
        factors: &factors,
        now: ctx.now(),
        expires_at: started.expires_at,
    };
    queries::insert(tx, &new).await?;
    Ok(started)
}

/// Gives a session a new secret after its person proved again who they are, or their rights changed; the old secret is
/// worth nothing from then on. Nothing when the session has ended meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn rotate(
    ctx: &Ctx,
    tx: &mut Tx,
    id: SessionId,
    proof: Option<Factor>,
) -> Result<Option<StartedSession>, DatabaseError> {
    let token = SessionToken::generate(ctx.random());
    let expires_at = queries::rotate(tx, id, &token.hash(), proof.map(Factor::as_str), ctx.now()).await?;
    Ok(expires_at.map(|expires_at| StartedSession { id, token, expires_at }))
}

/// Notes that the person behind a session has just proved who they are, without a new secret; what a program's session
/// gets, since its secret cannot have been planted.
///
/// # Errors
/// When the database does not answer.
pub async fn note_proof(ctx: &Ctx, tx: &mut Tx, id: SessionId, proof: Factor) -> Result<(), DatabaseError> {
    queries::note_proof(tx, id, proof.as_str(), ctx.now()).await
}

/// Ends every session of a person but `kept`, in a transaction of the platform; says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn end_others(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    kept: Option<SessionId>,
) -> Result<u64, DatabaseError> {
    queries::revoke_others(tx, user_id, kept, ctx.now()).await
}

/// Ends a session, in a transaction of the platform.
///
/// # Errors
/// When the database does not answer.
pub async fn end(ctx: &Ctx, tx: &mut Tx, id: SessionId) -> Result<(), DatabaseError> {
    queries::revoke(tx, id, ctx.now()).await
}
