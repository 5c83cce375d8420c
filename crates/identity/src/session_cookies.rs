//! The cookies of authentication: the session, the known browser, a login challenge and an OIDC flow.

use axum::response::Response;
use http::{HeaderMap, header};
use platform::config::Config;
use platform::http::cookies;
use time::Duration;

use crate::oidc::model::FLOW_LIFETIME;
use crate::second_factor::model::CHALLENGE_LIFETIME;
use crate::sessions::model::{SESSION_LIFETIME, StartedSession};

/// A cookie that scripts cannot read (`HttpOnly`, `SameSite=Lax`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthCookie {
    /// The secret of a session.
    Session,
    /// The secret of a browser in which somebody has logged in before.
    Device,
    /// A login that still needs its second factor.
    Challenge,
    /// The browser that went to the OpenID provider.
    OidcFlow,
}

impl AuthCookie {
    /// The name. `__Host-` ties a cookie to this host and to TLS, which a plain local address does not have.
    pub(crate) fn name(self, config: &Config) -> &'static str {
        match (self, config.is_https()) {
            (Self::Session, true) => "__Host-machiya_session",
            (Self::Session, false) => "machiya_session",
            (Self::Device, true) => "__Host-machiya_device",
            (Self::Device, false) => "machiya_device",
            (Self::Challenge, true) => "__Host-machiya_challenge",
            (Self::Challenge, false) => "machiya_challenge",
            (Self::OidcFlow, true) => "__Host-machiya_oidc",
            (Self::OidcFlow, false) => "machiya_oidc",
        }
    }

    const fn lifetime(self) -> Duration {
        match self {
            Self::Session => SESSION_LIFETIME,
            Self::Device => Duration::days(400),
            Self::Challenge => CHALLENGE_LIFETIME,
            Self::OidcFlow => FLOW_LIFETIME,
        }
    }

    /// The value that a browser sent.
    pub(crate) fn read<'a>(self, config: &Config, headers: &'a HeaderMap) -> Option<&'a str> {
        cookies::get(headers, self.name(config))
    }

    /// Sets the cookie for its lifetime.
    pub(crate) fn set(self, config: &Config, response: &mut Response, value: &str) {
        if let Some(cookie) = cookies::set(config, self.name(config), value, self.lifetime()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }

    /// Deletes the cookie in the browser.
    pub(crate) fn clear(self, config: &Config, response: &mut Response) {
        if let Some(cookie) = cookies::clear(config, self.name(config)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

/// Gives the browser the secret of its session, when there is a new one.
pub(crate) fn set_session(config: &Config, response: &mut Response, session: Option<&StartedSession>) {
    if let Some(session) = session {
        AuthCookie::Session.set(config, response, session.token.reveal());
    }
}
