//! Cookies: read one, write one.

use http::{HeaderMap, HeaderValue, header};
use time::Duration;

use crate::config::Config;

/// The value of the cookie `name`, from however many `Cookie` headers there are.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
}

/// A cookie that scripts cannot read, for the whole site; `Secure` where people reach the program over TLS.
pub fn set(config: &Config, name: &str, value: &str, lifetime: Duration) -> Option<HeaderValue> {
    let secure = if config.is_https() { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", lifetime.whole_seconds().max(0));
    HeaderValue::from_str(&text).ok()
}

/// Makes the browser forget the cookie `name`.
pub fn clear(config: &Config, name: &str) -> Option<HeaderValue> {
    set(config, name, "", Duration::ZERO)
}
