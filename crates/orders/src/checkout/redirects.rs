//! The addresses that a buyer may be sent to after paying: our own origin, or one that the operator has configured.

use platform::FieldProblem;
use platform::config::Config;
use url::Url;

/// The longest address that a payment provider takes, in bytes.
const URL_BYTES_MAX: usize = 5_000;

/// The address to return to: `wanted`, when it is on our own origin or an allowed one; `default_path` on our own when
/// nothing is wanted.
///
/// # Errors
/// `redirect_not_allowed` for any other address.
pub fn return_url(
    config: &Config,
    field: &'static str,
    wanted: Option<&str>,
    default_path: &str,
) -> Result<Url, FieldProblem> {
    let refused = || FieldProblem::new(field, "redirect_not_allowed");
    let wanted = wanted.filter(|text| !text.is_empty()).unwrap_or(default_path);
    if wanted.len() > URL_BYTES_MAX || wanted.contains(['\\', '\r', '\n', '\t']) {
        return Err(refused());
    }
    let url = if wanted.starts_with('/') {
        if wanted.starts_with("//") {
            return Err(refused());
        }
        config.public_url.join(wanted).map_err(|_| refused())?
    } else {
        Url::parse(wanted).map_err(|_| refused())?
    };
    let ours = std::iter::once(&config.public_url).chain(&config.redirect_origins);
    let allowed = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && ours.into_iter().any(|origin| origin.origin() == url.origin());
    if allowed { Ok(url) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn config() -> Config {
        let environment = BTreeMap::from([
            ("MACHIYA_PUBLIC_URL".to_owned(), "https://machiya.example".to_owned()),
            ("MACHIYA_REDIRECT_ORIGINS".to_owned(), "https://app.example".to_owned()),
        ]);
        Config::from_sources("", &environment).unwrap()
    }

    #[test]
    fn only_our_own_and_named_origins_are_returned_to() {
        let config = config();
        let go = |wanted: &str| return_url(&config, "successUrl", Some(wanted), "/orders").map(|url| url.to_string());
        assert_eq!(go("/orders/1?x=2").unwrap(), "https://machiya.example/orders/1?x=2");
        assert_eq!(go("").unwrap(), "https://machiya.example/orders");
        assert_eq!(go("https://app.example/thanks").unwrap(), "https://app.example/thanks");
        let bad = [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "http://machiya.example/",
            "https://machiya.example:8443/",
            "https://machiya.example.evil.example/",
            "https://a@machiya.example/",
            "https://machiya.example@evil.example/",
            "orders",
            "https://",
            "\thttps://evil.example",
        ];
        for wanted in bad {
            assert_eq!(go(wanted).unwrap_err().code, "redirect_not_allowed", "{wanted}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_wanted_the_origin_is_known(wanted in "\\PC{0,60}|https?://[a-z@:./\\\\]{0,30}|/{1,3}[a-z.@\\\\]{0,20}") {
            if let Ok(url) = return_url(&config(), "successUrl", Some(&wanted), "/") {
                let origin = url.origin().ascii_serialization();
                prop_assert!(origin == "https://machiya.example" || origin == "https://app.example", "{url}");
            }
        }
    }
}
