//! Answers that strangers share: the gallery, a product, the home page and their data, made once and sent many times.
//!
//! A handler (or the shell around pages) marks its answer with [`MayBeShared`]; [`share_answers`] keeps a copy for the
//! seconds that the mark allows and sends it, packed already, without asking the handler or the database again. What
//! always holds: whoever says who they are (a session, a bearer token) or has something said to them never gets a copy
//! and never leaves one; a copy lives no longer than its mark says, counted from before the handler looked; nothing that
//! was made before [`SharedAnswers::clear`] is sent after it; a crowd that asks at once for what is not there makes the
//! handler work once; all copies together have a limit.
//!
//! A page is kept with its nonce and policy. That is as safe as a fresh nonce: what a stranger can put into a page is
//! fixed before the page's nonce exists, and another address is another copy with another nonce.

mod copy;
mod encodings;
mod first;
mod flights;
mod shelf;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, header};
use kernel::{Actor, Locale};
use metrics::SharedString;

use super::cookies;
use super::negotiate::{RequestFacts, wants_html};
use crate::App;
use copy::{Copy, Origin};
pub use first::SharedFirst;
use flights::Boarding;
pub use shelf::SharedAnswers;

/// A longer address is some stranger's own and not worth a copy.
const ADDRESS_BYTES_MAX: usize = 512;
/// A longer value of a cookie that counts is none of ours.
const COOKIE_BYTES_MAX: usize = 16;

/// Is told the headers of each request that a copy answers.
type OnSent = Arc<dyn Fn(&HeaderMap) + Send + Sync>;

/// Marks an answer (as an extension of it) that says the same to every stranger, so that they may share it for a while.
#[derive(Clone)]
pub struct MayBeShared {
    lifetime: Duration,
    on_sent: Option<OnSent>,
}

impl MayBeShared {
    /// For at most `lifetime`; what changed without a word is seen after that at the latest.
    pub fn during(lifetime: time::Duration) -> Self {
        Self { lifetime: lifetime.try_into().unwrap_or_default(), on_sent: None }
    }

    /// Tells `on_sent` the headers of each further request that a copy answers.
    #[must_use]
    pub fn telling(mut self, on_sent: impl Fn(&HeaderMap) + Send + Sync + 'static) -> Self {
        self.on_sent = Some(Arc::new(on_sent));
        self
    }

    /// The answer with this mark.
    pub fn on(self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Debug for MayBeShared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MayBeShared({:?})", self.lifetime)
    }
}

/// Which cookies count.
#[derive(Clone, Copy, Debug)]
pub struct SharingRules {
    /// Whoever sends one of these is no stranger.
    pub private_cookies: [&'static str; 2],
    /// Strangers who differ in one of these get different answers.
    pub varying_cookies: [&'static str; 1],
}

/// The state of [`share_answers`].
#[derive(Clone)]
pub struct Sharing {
    app: App,
    rules: SharingRules,
}

impl Sharing {
    /// Shares the answers of an installation by these rules.
    pub const fn new(app: App, rules: SharingRules) -> Self {
        Self { app, rules }
    }

    /// Under which key strangers share the answer in a language; nothing where the answer may be somebody's own.
    fn key(&self, request: &Request, locale: Locale) -> Option<String> {
        let headers = request.headers();
        if *request.method() != Method::GET
            || headers.contains_key(header::AUTHORIZATION)
            || matches!(request.extensions().get::<Actor>(), Some(Actor::User(_)))
            || self.rules.private_cookies.iter().any(|name| cookies::get(headers, name).is_some())
        {
            return None;
        }
        let uri = request.uri();
        let address = uri.path_and_query().map(http::uri::PathAndQuery::as_str)?;
        let form = if wants_html(request.method(), uri.path(), headers) { "page" } else { "data" };
        let mut key = String::with_capacity(address.len() + 2 * COOKIE_BYTES_MAX);
        for part in [locale.tag(), form] {
            key.push_str(part);
            key.push(' ');
        }
        for name in self.rules.varying_cookies {
            let value = cookies::get(headers, name).unwrap_or_default();
            if value.len() > COOKIE_BYTES_MAX {
                return None;
            }
            key.push_str(value);
            key.push(' ');
        }
        key.push_str(address);
        (address.len() <= ADDRESS_BYTES_MAX).then_some(key)
    }
}

/// Keeps copies of answers that are [`MayBeShared`], and lets a crowd wait for the first of them. Belongs inside
/// `request_facts` and outside everything that looks at sessions or the database; [`SharedFirst`] stands before it all.
pub async fn share_answers(State(sharing): State<Sharing>, request: Request, next: Next) -> Response {
    let locale = request.extensions().get::<RequestFacts>().map(|facts| facts.locale).unwrap_or_default();
    let Some(key) = sharing.key(&request, locale) else { return next.run(request).await };
    let shelf = sharing.app.shared();
    if let Some(copy) = shelf.get(&key) {
        return copy.answer(request.headers());
    }
    let route = request.extensions().get::<MatchedPath>().cloned();
    let flight = match &route {
        Some(route) if shelf.may_share(route.as_str()) => match shelf.board(&key).await {
            Boarding::Landed(copy) => return copy.answer(request.headers()),
            Boarding::Lead(flight) => Some(flight),
            Boarding::Alone => None,
        },
        _ => None,
    };
    let asked = encodings::those_that_matter(request.headers());
    let (round, begun) = (shelf.round(), Instant::now());
    let mut response = next.run(request).await;
    let mark = response.extensions_mut().remove::<MayBeShared>();
    if let Some(route) = &route {
        shelf.learn(route.as_str(), mark.is_some());
    }
    let made = match mark {
        Some(mark) => {
            let route = route.map_or(SharedString::const_str("unmatched"), |route| route.as_str().to_owned().into());
            Copy::of(response, mark, Origin { route, round, begun }).await
        }
        None => Err(response),
    };
    match made {
        Ok(copy) => {
            shelf.keep(key, copy.clone());
            drop(flight);
            copy.send(&asked)
        }
        Err(response) => {
            if let Some(flight) = flight {
                flight.land_alone();
            }
            response
        }
    }
}
