//! Which callers share answers, and under which key.

use axum::extract::Request;
use http::{Method, header};
use kernel::{Actor, Locale};

use crate::app::App;
use crate::http::cookies;
use crate::http::negotiate::wants_html;

/// Answers at longer addresses are not kept.
const ADDRESS_BYTES_MAX: usize = 512;
/// A longer value of a cookie that varies answers is none of ours.
const COOKIE_BYTES_MAX: usize = 16;

/// Which cookies count.
#[derive(Clone, Copy, Debug)]
pub struct CacheRules {
    /// A caller that sends one of these is not anonymous.
    pub private_cookies: [&'static str; 2],
    /// Callers that differ in one of these get different answers.
    pub varying_cookies: [&'static str; 1],
}

/// The state of [`super::cache_responses`].
#[derive(Clone)]
pub struct ResponseCaching {
    pub(super) app: App,
    rules: CacheRules,
}

impl ResponseCaching {
    /// Caches the answers of an installation by these rules.
    pub const fn new(app: App, rules: CacheRules) -> Self {
        Self { app, rules }
    }

    /// The key under which anonymous callers share the answer in a language; `None` where the answer may be the caller's
    /// own.
    pub(super) fn key(&self, request: &Request, locale: Locale) -> Option<String> {
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
