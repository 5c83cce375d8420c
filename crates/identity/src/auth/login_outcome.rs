//! What the first factor of a login leads to: a session, or the request for a second factor.

use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use platform::{App, Problem};
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::logged_in::logged_in_redirect;
use super::model::{AccessBody, LoggedIn};
use crate::responses::{private_json, with_next};
use crate::second_factor::model::LoginChallenge;
use crate::session_cookies::AuthCookie;

/// The outcome of a first factor.
#[derive(Debug)]
pub(crate) enum LoginOutcome {
    /// The factor was enough.
    LoggedIn(Box<LoggedIn>),
    /// The account has a second factor, which is still needed.
    SecondFactorRequired(LoginChallenge),
}

impl LoginOutcome {
    /// The answer to a browser: a redirect to `next`, or to the page for the second factor with the challenge in a cookie.
    pub(crate) fn for_browser(&self, app: &App, next: &str) -> Response {
        match self {
            Self::LoggedIn(logged_in) => logged_in_redirect(app, logged_in, next),
            Self::SecondFactorRequired(challenge) => {
                let mut response = Redirect::to(&with_next("/login/second-factor", next)).into_response();
                AuthCookie::Challenge.set(&app.config, &mut response, challenge.reveal());
                response
            }
        }
    }

    /// The answer to a program: its access token, or 401 `second_factor_required` with the members `challenge`, `methods`
    /// and `expiresAt`.
    pub(crate) fn for_program(self) -> Response {
        match self {
            Self::LoggedIn(logged_in) => private_json(AccessBody::from(*logged_in)),
            Self::SecondFactorRequired(challenge) => {
                let expires_at = challenge.expires_at.format(&Rfc3339).unwrap_or_default();
                Problem::new(StatusCode::UNAUTHORIZED, "second_factor_required")
                    .member("challenge", json!(challenge.reveal()))
                    .member("methods", json!(challenge.methods))
                    .member("expiresAt", json!(expires_at))
                    .into_response()
            }
        }
    }
}
