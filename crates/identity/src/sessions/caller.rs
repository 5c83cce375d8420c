//! From where somebody asks: what a session and the limits want to know of a request.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts};
use http::header;
use http::request::Parts;
use platform::App;
use platform::http::RequestFacts;

use super::model::SessionKind;
use crate::login_throttle::{DeviceToken, address_key};

/// The browser or program that asks.
#[derive(Clone, Debug)]
pub struct Caller {
    /// In which envelope the answer's secret travels: a program says `Authorization`, a browser has cookies.
    pub kind: SessionKind,
    /// As it calls itself.
    pub user_agent: String,
    /// Its address, as far as it can be believed.
    pub address: Option<IpAddr>,
    /// By what a browser is known in which somebody logged in before.
    pub device: Option<DeviceToken>,
}

impl Caller {
    /// By what it is told apart from others in limits.
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
        Ok(Self {
            kind: if is_program { SessionKind::Bearer } else { SessionKind::Cookie },
            user_agent: user_agent.unwrap_or_default().to_owned(),
            address: facts.address,
            device: DeviceToken::presented(&app.config, &parts.headers),
        })
    }
}
