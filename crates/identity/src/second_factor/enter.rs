//! Somebody has given a first proof: it is enough, or a second one is owed.

use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use kernel::{Ctx, UserId};
use platform::http::cookies;
use platform::{App, DatabaseError, Problem, Tx};
use serde_json::json;
use sqlx::PgConnection;
use time::format_description::well_known::Rfc3339;

use super::model::{CHALLENGE_LIFETIME, Entry, Factors, OpenChallenge};
use super::queries;
use crate::auth::api::{access, private};
use crate::auth::{self, session_cookies};
use crate::one_time_secret::OneTimeSecret;
use crate::sessions::{Caller, Factor, SessionKind};
use crate::users::Account;

/// What an account has besides its password, in a transaction of the platform.
///
/// # Errors
/// When the database does not answer.
pub async fn factors(tx: &mut PgConnection, user_id: UserId) -> Result<Factors, DatabaseError> {
    queries::factors(tx, user_id).await
}

/// Deletes every factor and linked account of a person, in a transaction of the platform; part of the erasure.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    queries::forget(tx, user_id).await
}

/// Begins a session, or asks for a second proof where one is set up, in a transaction of the platform. The only way from a
/// first proof to a session.
///
/// # Errors
/// When the database does not answer.
pub async fn enter(
    ctx: &Ctx,
    tx: &mut Tx,
    account: Account,
    proved_by: Factor,
    kind: SessionKind,
    caller: &Caller,
) -> Result<Entry, DatabaseError> {
    let factors = factors(tx, account.id).await?;
    // A passkey is two proofs in one: the device, and the finger or number that unlocks it.
    if !factors.is_on() || proved_by == Factor::Passkey {
        let entered = auth::enter(ctx, tx, account, kind, caller, &[proved_by]).await?;
        return Ok(Entry::In(Box::new(entered)));
    }
    let token = OneTimeSecret::generate(ctx.random());
    let expires_at = ctx.now() + CHALLENGE_LIFETIME;
    let new = queries::NewChallenge {
        id: ctx.new_id(),
        token_hash: &token.hash(),
        user_id: account.id,
        proved_by: proved_by.as_str(),
        kind,
        now: ctx.now(),
        expires_at,
    };
    queries::insert(tx, &new).await?;
    Ok(Entry::Challenge(OpenChallenge { token, methods: factors.methods(), expires_at }))
}

/// The name of the cookie that carries the challenge from the first step to the second.
pub(super) fn challenge_cookie(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-machiya_challenge" } else { "machiya_challenge" }
}

impl Entry {
    /// What a browser is answered: in, and on to `next`; or to the page that asks for the second proof, with the
    /// challenge in a cookie that scripts cannot read.
    pub fn for_browser(&self, app: &App, next: &str) -> Response {
        match self {
            Self::In(entered) => session_cookies::enter(app, entered, next),
            Self::Challenge(challenge) => {
                let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
                let mut response = Redirect::to(&format!("/login/second-factor?next={next}")).into_response();
                let name = challenge_cookie(app);
                let cookie = cookies::set(&app.config, name, challenge.reveal(), CHALLENGE_LIFETIME);
                session_cookies::add_cookie(&mut response, cookie);
                response
            }
        }
    }

    /// What a program is answered: its token, or 401 `second_factor_required` with what it needs to go on.
    pub fn for_program(self) -> Response {
        match self {
            Self::In(entered) => private(access(*entered)).into_response(),
            Self::Challenge(challenge) => challenge.problem().into_response(),
        }
    }
}

impl OpenChallenge {
    /// 401 `second_factor_required`, with the members `challenge`, `methods` and `expiresAt`.
    pub fn problem(&self) -> Problem {
        let until = self.expires_at.format(&Rfc3339).unwrap_or_default();
        Problem::new(StatusCode::UNAUTHORIZED, "second_factor_required")
            .member("challenge", json!(self.reveal()))
            .member("methods", json!(self.methods))
            .member("expiresAt", json!(until))
    }
}
