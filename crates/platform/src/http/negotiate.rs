//! What is known of a request before anybody handles it: its id, its language, its address.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use kernel::{Locale, RequestId};

use super::cookies;
use crate::app::App;
use crate::config::model::Config;

/// The cookie that remembers the language.
pub const LOCALE_COOKIE: &str = "machiya_locale";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Facts of a request, as an extension of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestFacts {
    /// The request's id.
    pub request_id: Option<RequestId>,
    /// The language of the answer.
    pub locale: Locale,
    /// The caller's address, as far as it can be believed.
    pub address: Option<IpAddr>,
}

impl RequestFacts {
    pub(super) fn of(app: &App, request: &Request) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Self {
            request_id: Some(RequestId(app.random.uuid_v7(app.clock.now()))),
            locale: locale(request.uri().query(), request.headers()),
            address: client_address(&app.config, peer, request.headers()),
        }
    }

    /// Adds the headers that tell the caller of them.
    pub(super) fn add_to(&self, response: &mut Response) {
        if let Ok(value) = HeaderValue::try_from(self.request_id_text()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        let language = response.headers_mut().entry(header::CONTENT_LANGUAGE);
        language.or_insert(HeaderValue::from_static(self.locale.tag()));
    }

    /// The id as the logs show it.
    pub fn request_id_text(&self) -> String {
        self.request_id.map(|id| id.to_string()).unwrap_or_default()
    }
}

/// Finds out the facts and adds `X-Request-Id` and `Content-Language` to the answer.
pub async fn request_facts(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let facts = RequestFacts::of(&app, &request);
    request.extensions_mut().insert(facts);
    let mut response = next.run(request).await;
    facts.add_to(&mut response);
    response
}

/// `?lang=`, the cookie, `Accept-Language` by weight, else Japanese.
pub(super) fn locale(query: Option<&str>, headers: &HeaderMap) -> Locale {
    let asked = query
        .into_iter()
        .flat_map(|query| query.split('&'))
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(|tag| tag.parse().ok());
    asked
        .or_else(|| cookies::get(headers, LOCALE_COOKIE).and_then(|tag| tag.parse().ok()))
        .or_else(|| headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(preferred))
        .unwrap_or_default()
}

fn preferred(accept: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    for part in accept.split(',').take(20) {
        let mut pieces = part.split(';').map(str::trim);
        let tag = pieces.next().unwrap_or_default();
        let weight = pieces.find_map(|piece| piece.strip_prefix("q=").or_else(|| piece.strip_prefix("Q=")));
        let weight: f32 = weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
        if let Ok(locale) = tag.parse()
            // Nothing is what a weight of zero asks for, and what is no number.
            && weight > 0.0
            && best.is_none_or(|(heaviest, _)| weight > heaviest)
        {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

/// The caller's address: the peer's, or what a configured proxy says it forwarded for.
pub fn client_address(config: &Config, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer?;
    if !config.trusted_proxies.contains(&peer) {
        return Some(peer);
    }
    let chain = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
    // From the right: the first that is not one of our own proxies was seen by one of them.
    let seen = chain.rsplit(',').filter_map(|part| part.trim().parse::<IpAddr>().ok());
    seen.into_iter().find(|address| !config.trusted_proxies.contains(address)).or(Some(peer))
}

/// Whether the caller is a browser that wants a page rather than data.
pub fn wants_html(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !path.starts_with("/api/") && accepts.contains("text/html") && !matches!(*method, Method::OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_what_was_asked_for() {
        let mut headers = HeaderMap::new();
        assert_eq!(locale(None, &headers), Locale::Ja);
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr, en-GB;q=0.8, ja;q=0.5"));
        assert_eq!(locale(None, &headers), Locale::En);
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; machiya_locale=ja"));
        assert_eq!(locale(None, &headers), Locale::Ja);
        assert_eq!(locale(Some("x=1&lang=en"), &headers), Locale::En);
        assert_eq!(locale(Some("lang=xx"), &headers), Locale::Ja);
    }

    #[test]
    fn only_a_known_proxy_is_believed() -> Result<(), Box<dyn std::error::Error>> {
        let mut environment = std::collections::BTreeMap::new();
        environment.insert("MACHIYA_TRUSTED_PROXIES".to_owned(), "10.0.0.1".to_owned());
        let config = Config::from_sources("", &environment)?;
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 203.0.113.9, 10.0.0.1"));
        let stranger = "198.51.100.7".parse()?;
        assert_eq!(client_address(&config, Some(stranger), &headers), Some(stranger));
        assert_eq!(client_address(&config, Some("10.0.0.1".parse()?), &headers), Some("203.0.113.9".parse()?));
        Ok(())
    }
}
