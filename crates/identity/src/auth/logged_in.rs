//! Starts the session of an account that has given every factor it needs, and answers a browser with its cookies.

use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use kernel::Ctx;
use platform::{App, DatabaseError, Tx};

use super::model::LoggedIn;
use crate::login_throttle::devices::{known_device, remember_device};
use crate::login_throttle::model::LoginAttempt;
use crate::session_cookies::{AuthCookie, set_session};
use crate::sessions::caller::Caller;
use crate::sessions::lifecycle::start_session;
use crate::sessions::model::{Factor, NewSession, SessionKind};
use crate::users::email::EmailAddress;
use crate::users::model::Account;

/// Starts the session of an account that was authenticated by all of `factors`, in a transaction of the platform. Makes the
/// browser known to the account and resets its count of failed attempts.
///
/// # Errors
/// When the database fails.
pub(crate) async fn complete_login(
    ctx: &Ctx,
    tx: &mut Tx,
    account: Account,
    kind: SessionKind,
    caller: &Caller,
    factors: &[Factor],
) -> Result<LoggedIn, DatabaseError> {
    let new =
        NewSession { user_id: account.id, kind, user_agent: &caller.user_agent, address: caller.address, factors };
    let session = start_session(ctx, tx, &new).await?;
    if let Ok(email) = EmailAddress::parse(&account.email) {
        LoginAttempt::Account(email).reset(tx).await?;
    }
    let known = known_device(ctx, tx, Some(account.id), caller.device.as_ref()).await?;
    let device = match (known, kind) {
        (Some(known), _) => {
            LoginAttempt::Device(known).reset(tx).await?;
            None
        }
        (None, SessionKind::Cookie) => Some(remember_device(ctx, tx, account.id, caller.device.as_ref()).await?),
        (None, SessionKind::Bearer) => None,
    };
    Ok(LoggedIn { account, session, device })
}

/// Redirects a browser that has logged in to `next` (from `/` to the studio) and sets its cookies.
pub(crate) fn logged_in_redirect(app: &App, logged_in: &LoggedIn, next: &str) -> Response {
    let next = if next == "/" { "/studio" } else { next };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, next)]).into_response();
    set_session(&app.config, &mut response, Some(&logged_in.session));
    if let Some(device) = &logged_in.device {
        AuthCookie::Device.set(&app.config, &mut response, device.reveal());
    }
    response
}
