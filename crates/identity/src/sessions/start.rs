//! A session begins, a session ends.

use std::net::IpAddr;

use kernel::{Ctx, SessionId, UserId};
use platform::{DatabaseFault, Tx};

use super::model::{SESSION_LIFETIME, SessionKind, SessionToken, StartedSession};
use super::queries;

/// Begins a session for somebody who has proved who they are, in a transaction of the house. Always a new secret, so
/// that one planted before the log-in is worth nothing.
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
) -> Result<StartedSession, DatabaseFault> {
    let token = SessionToken::generate(ctx.random());
    let started = StartedSession { id: ctx.new_id(), expires_at: ctx.now() + SESSION_LIFETIME, token };
    let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let new = queries::NewSession {
        id: started.id,
        user_id,
        kind,
        token_hash: &started.token.hash(),
        user_agent: &user_agent,
        address,
        now: ctx.now(),
        expires_at: started.expires_at,
    };
    queries::insert(tx, &new).await?;
    Ok(started)
}

/// Ends a session, in a transaction of the house.
///
/// # Errors
/// When the database does not answer.
pub async fn end(ctx: &Ctx, tx: &mut Tx, id: SessionId) -> Result<(), DatabaseFault> {
    queries::revoke(tx, id, ctx.now()).await
}
