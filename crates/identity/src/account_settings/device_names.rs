//! Names of the browser and the system of a `User-Agent`.

/// Browser and system; `None` when the text names no known browser or no known system.
pub(crate) fn device_name(user_agent: &str) -> Option<(&'static str, &'static str)> {
    // The order matters: each browser also contains the names of browsers it is compatible with.
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    Some((find(&browsers)?, find(&systems)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_what_only_it_says() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(device_name(chrome), Some(("Chrome", "Windows")));
        assert_eq!(device_name(&format!("{chrome} Edg/140.0")), Some(("Edge", "Windows")));
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604";
        assert_eq!(device_name(phone), Some(("Safari", "iPhone")));
        assert_eq!(device_name("curl/8.9"), None);
        assert_eq!(device_name(""), None);
    }
}
