//! Starts, renews and ends sessions.

use std::net::IpAddr;

use kernel::{Ctx, SessionId, UserId};
use platform::{DatabaseError, Tx};

use super::model::{Factor, NewSession, SESSION_LIFETIME, SessionKind, SessionToken, StartedSession};
use super::queries;

/// Starts a session that was authenticated by a password; see [`start_session`].
///
/// # Errors
/// When the database fails.
pub async fn start(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    kind: SessionKind,
    user_agent: &str,
    address: Option<IpAddr>,
) -> Result<StartedSession, DatabaseError> {
    start_session(ctx, tx, &NewSession { user_id, kind, user_agent, address, factors: &[Factor::Password] }).await
}

/// Starts a session for an account that has just authenticated, in a transaction of the platform. The secret is always
/// new, so that a session cookie planted before the login is worthless.
///
/// # Errors
/// When the database fails.
pub(crate) async fn start_session(
    ctx: &Ctx,
    tx: &mut Tx,
    new: &NewSession<'_>,
) -> Result<StartedSession, DatabaseError> {
    let token = SessionToken::generate(ctx.random());
    let started = StartedSession { id: ctx.new_id(), expires_at: ctx.now() + SESSION_LIFETIME, token };
    let user_agent: String = new.user_agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let factors: Vec<String> = new.factors.iter().map(|factor| factor.as_str().to_owned()).collect();
    let row = queries::NewRow {
        id: started.id,
        user_id: new.user_id,
        kind: new.kind,
        token_hash: &started.token.hash(),
        user_agent: &user_agent,
        address: new.address,
        factors: &factors,
        now: ctx.now(),
        expires_at: started.expires_at,
    };
    queries::insert(tx, &row).await?;
    Ok(started)
}

/// Records that the actor has just proved its identity again by `factor`. A cookie session gets a new secret, which is
/// returned; a bearer token keeps its secret, since nobody can have planted it. `None` also when the session has ended.
///
/// # Errors
/// When the database fails.
pub(crate) async fn record_proof(
    ctx: &Ctx,
    tx: &mut Tx,
    id: SessionId,
    kind: SessionKind,
    factor: Factor,
) -> Result<Option<StartedSession>, DatabaseError> {
    match kind {
        SessionKind::Cookie => {
            let token = SessionToken::generate(ctx.random());
            let expires_at = queries::rotate(tx, id, &token.hash(), factor.as_str(), ctx.now()).await?;
            Ok(expires_at.map(|expires_at| StartedSession { id, token, expires_at }))
        }
        SessionKind::Bearer => {
            queries::record_proof(tx, id, factor.as_str(), ctx.now()).await?;
            Ok(None)
        }
    }
}

/// Ends every session of an account but `kept`, in a transaction of the platform. Returns how many.
///
/// # Errors
/// When the database fails.
pub(crate) async fn end_other_sessions(
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
/// When the database fails.
pub(crate) async fn end_session(ctx: &Ctx, tx: &mut Tx, id: SessionId) -> Result<(), DatabaseError> {
    queries::revoke(tx, id, ctx.now()).await
}
