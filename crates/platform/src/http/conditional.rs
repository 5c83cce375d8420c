//! Asking again for what one has already.

use http::{HeaderMap, header};

/// Whether `If-None-Match` (RFC 9110, §13.1.2) names `tag`, alone or in a list, strong or weak; `tag` comes without `W/`.
pub(crate) fn has_seen(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|seen| seen == "*" || seen.strip_prefix("W/").unwrap_or(seen) == tag)
}
