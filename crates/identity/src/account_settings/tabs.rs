//! The tabs above each account page.

use ui::Messages;

/// A tab: its label, its path and whether it is the present page.
pub(crate) type Tab = (String, String, bool);

/// The tabs above the page at `current`.
pub(crate) fn tabs(t: Messages, current: &str) -> Vec<Tab> {
    [
        ("account-tab-security", "/account/security"),
        ("account-tab-tokens", "/account/tokens"),
        ("account-tab-data", "/account/data"),
    ]
    .into_iter()
    .map(|(key, path)| (t.say(key), path.to_owned(), path == current))
    .collect()
}
