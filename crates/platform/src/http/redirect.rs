//! Where a form may send its visitor.

/// A path on our own origin to go to, or `/`: never an address on another site.
pub fn redirect_location(wanted: Option<&str>) -> String {
    let safe = |path: &&str| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']) && path.len() <= 2_000
    };
    wanted.filter(safe).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_at_home() {
        assert_eq!(redirect_location(Some("/me?x=1")), "/me?x=1");
        for bad in [None, Some("https://evil.example/"), Some("//evil.example"), Some("/\\evil.example"), Some("")] {
            assert_eq!(redirect_location(bad), "/", "{bad:?}");
        }
    }
}
