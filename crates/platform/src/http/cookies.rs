//! Cookies: read one, write one.

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};
use time::Duration;

use crate::config::model::Config;

/// The value of the cookie `name`, from however many `Cookie` headers there are.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .find_map(|cookie| cookie.ok().filter(|cookie| cookie.name() == name)?.value_raw())
}

/// A cookie that scripts cannot read, for the whole site; `Secure` where people reach the program over TLS. `None` for a
/// value that no header may hold.
pub fn set(config: &Config, name: &str, value: &str, lifetime: Duration) -> Option<HeaderValue> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .max_age(lifetime.max(Duration::ZERO))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https());
    HeaderValue::try_from(cookie.to_string()).ok()
}

/// Makes the browser forget the cookie `name`.
pub fn clear(config: &Config, name: &str) -> Option<HeaderValue> {
    set(config, name, "", Duration::ZERO)
}
