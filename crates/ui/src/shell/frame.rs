//! `shell.html`, filled in.

use askama::Template;
use platform::config::Config;

use crate::address;
use crate::messages::Messages;
use crate::page::{BalanceChip, Page};

/// What the frame depends on besides the page.
pub(super) struct Surroundings<'a> {
    pub(super) t: Messages,
    /// `light`, `dark`, or empty.
    pub(super) theme: &'a str,
    /// Path and query, for the forms that come back here.
    pub(super) here: &'a str,
    /// The path, which decides the current place.
    pub(super) path: &'a str,
    /// The name of who is logged in.
    pub(super) viewer: Option<&'a str>,
    /// Whether that is an operator.
    pub(super) is_operator: bool,
    /// What they may still make, where that is known.
    pub(super) balance: Option<&'a BalanceChip>,
    pub(super) nonce: &'a str,
    pub(super) config: &'a Config,
}

#[derive(Template)]
#[template(path = "shell.html")]
struct Frame<'a> {
    t: Messages,
    page: Page,
    theme: &'a str,
    here: &'a str,
    nonce: &'a str,
    viewer: Option<Viewer<'a>>,
    balance: Option<&'a BalanceChip>,
    places: Vec<Place>,
    canonical: String,
    alternates: Vec<(&'static str, String)>,
    structured_data: String,
}

struct Viewer<'a> {
    name: &'a str,
    is_operator: bool,
}

/// A place of the main navigation.
struct Place {
    href: &'static str,
    label: String,
    icon: &'static str,
    is_current: bool,
}

pub(super) fn render(page: Page, around: &Surroundings<'_>) -> Result<String, askama::Error> {
    let canonical = absolute(around.config, &page.canonical_path);
    let frame = Frame {
        t: around.t,
        theme: around.theme,
        here: around.here,
        nonce: around.nonce,
        viewer: around.viewer.map(|name| Viewer { name, is_operator: around.is_operator }),
        balance: around.balance,
        places: places(around.t, around.path),
        alternates: alternates(around.config, &page.canonical_path),
        structured_data: json_for_script(&page.structured_data),
        canonical,
        page,
    };
    frame.render()
}

fn places(t: Messages, path: &str) -> Vec<Place> {
    const PLACES: [(&str, &str, &str); 4] = [
        ("/gallery", "nav-gallery", "layout-grid"),
        ("/studio", "nav-studio", "brush"),
        ("/me", "nav-mine", "images"),
        ("/orders", "nav-orders", "receipt-text"),
    ];
    let below = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let place = |&(href, key, icon): &(&'static str, &str, &'static str)| Place {
        href,
        label: t.say(key),
        icon,
        is_current: below(href) || (href == "/gallery" && path.starts_with("/designs/")),
    };
    PLACES.iter().map(place).collect()
}

fn absolute(config: &Config, path: &str) -> String {
    if path.is_empty() { String::new() } else { config.absolute_url(path) }
}

/// The addresses of the page in each language, and the default for other languages.
fn alternates(config: &Config, path: &str) -> Vec<(&'static str, String)> {
    if path.is_empty() {
        return Vec::new();
    }
    let in_language = |tag: &'static str| (tag, config.absolute_url(&address::with_language(path, tag)));
    vec![in_language("ja"), in_language("en"), ("x-default", config.absolute_url(path))]
}

/// JSON that cannot end the script element it stands in.
fn json_for_script(data: &serde_json::Value) -> String {
    if data.is_null() {
        return String::new();
    }
    data.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::json_for_script;

    #[test]
    fn structured_data_cannot_leave_its_element() {
        let hostile = serde_json::json!({ "name": "</script><script>alert(1)</script><!--" });
        let text = json_for_script(&hostile);
        assert!(!text.contains('<'), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), hostile);
        assert_eq!(json_for_script(&serde_json::Value::Null), "");
    }
}
