//! Addresses made from addresses of ours (a path, perhaps with a query).

/// `path` in a language: `/gallery?tag=x` → `/gallery?tag=x&lang=en`.
pub(crate) fn with_language(path: &str, tag: &str) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}lang={tag}")
}

/// `path` without its `lang=`, so that the language just chosen is the one that counts.
pub(crate) fn without_language(path: &str) -> String {
    let Some((before, query)) = path.split_once('?') else { return path.to_owned() };
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
    if rest.is_empty() { before.to_owned() } else { format!("{before}?{}", rest.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::{with_language, without_language};

    #[test]
    fn a_language_comes_and_goes() {
        assert_eq!(with_language("/gallery", "en"), "/gallery?lang=en");
        assert_eq!(with_language("/gallery?tag=x", "ja"), "/gallery?tag=x&lang=ja");
        for path in ["/gallery", "/gallery?tag=x"] {
            assert_eq!(without_language(&with_language(path, "en")), path);
        }
        assert_eq!(without_language("/g?lang=en&tag=x&lang=ja"), "/g?tag=x");
    }
}
