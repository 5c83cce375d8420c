//! The caller of a request: what sessions and rate limits need to know.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts};
use http::header;
use http::request::Parts;
use platform::App;
use platform::http::RequestFacts;

use super::model::SessionKind;
use crate::login_throttle::model::{DeviceToken, address_key};
use crate::session_cookies::AuthCookie;

/// The browser or program that sent a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// How the answer sends a session's secret: a request with `Authorization` is a program's, all others a browser's.
    pub(crate) kind: SessionKind,
    /// The `User-Agent`.
    pub(crate) user_agent: String,
    /// The IP address, as far as trusted proxies tell it.
    pub(crate) address: Option<IpAddr>,
    /// The secret of a browser in which somebody has logged in before.
    pub(crate) device: Option<DeviceToken>,
}

impl Caller {
    /// The key of this caller in rate limits: the IPv4 address or the /64 network of an IPv6 address.
    pub fn address_key(&self) -> String {
        address_key(self.address)
    }
}

impl<S> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let app = App::from_ref(state);
        let facts = parts.extensions.get::<RequestFacts>().copied().unwrap_or_default();
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let is_program = parts.headers.contains_key(header::AUTHORIZATION);
        let device = AuthCookie::Device.read(&app.config, &parts.headers);
        Ok(Self {
            kind: if is_program { SessionKind::Bearer } else { SessionKind::Cookie },
            user_agent: user_agent.unwrap_or_default().to_owned(),
            address: facts.address,
            device: device.and_then(DeviceToken::parse),
        })
    }
}
