//! A notice shown once after a redirect: `saved` on the page that follows the form.
//!
//! The cookie carries the key of a message, never a text, so no other site can make a page show its text.

use axum::response::{IntoResponse as _, Redirect, Response};
use http::header;
use platform::config::Config;
use platform::http::{cookies, redirect_location};
use time::Duration;

use crate::messages::{Messages, languages};
use crate::page::Toast;

/// The cookie between the form and the page that follows it.
pub(crate) const COOKIE: &str = "machiya_toast";

/// Goes to a path of ours (303) and says the message `key` there: `redirect_with_toast(config, "/me", "success", "saved")`.
/// `kind` is `success` or `danger`.
pub fn redirect_with_toast(config: &Config, path: &str, kind: &'static str, key: &str) -> Response {
    let mut response = Redirect::to(&redirect_location(Some(path))).into_response();
    if let Some(cookie) = cookies::set(config, COOKIE, &format!("{kind}.{key}"), Duration::minutes(1)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The toast that a cookie carries, when it names a message of ours.
pub(crate) fn read(carried: &str, t: Messages) -> Option<Toast> {
    let (kind, key) = carried.split_once('.')?;
    let kind = match kind {
        "success" => "success",
        "danger" => "danger",
        _ => return None,
    };
    let known = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let message = known.then(|| languages().try_text(t.locale(), key, &[])).flatten()?;
    Some(Toast { kind, message })
}

#[cfg(test)]
mod tests {
    use kernel::Locale;

    use super::read;
    use crate::messages::Messages;

    #[test]
    fn only_our_own_messages_are_said() {
        let t = Messages::new(Locale::En);
        assert_eq!(read("success.saved", t).map(|toast| toast.message).as_deref(), Some("Saved"));
        for bad in ["", "saved", "loud.saved", "success.<b>", "success.no-such-message", "success.saved.detail"] {
            assert_eq!(read(bad, t), None, "{bad}");
        }
    }
}
