//! Views of a page, counted in memory as it is sent, cached answers included.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;

/// Counts how often a page was shown to a person. Clones count together; a clone is read with
/// [`ViewTally::take`].
#[derive(Clone, Default)]
pub struct ViewTally(Arc<AtomicU64>);

impl ViewTally {
    /// One more view.
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The views since they were last taken.
    pub fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }

    /// Puts views back that could not be recorded.
    pub fn put_back(&self, views: u64) {
        self.0.fetch_add(views, Ordering::Relaxed);
    }

    /// Whether this is the only clone: no page being made and no cached answer counts with it.
    pub fn is_idle(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

impl fmt::Debug for ViewTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ViewTally({})", self.0.load(Ordering::Relaxed))
    }
}

/// Whether a person looks: not a prefetching browser, and not a program that names itself. A program that
/// claims to be a browser is counted as one; a counter is no proof.
pub(crate) fn is_looked_at(headers: &HeaderMap) -> bool {
    let says = |name: &str, word: &str| {
        headers.get(name).is_some_and(|value| contains_ignoring_case(value.as_bytes(), word.as_bytes()))
    };
    let fetches_ahead = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| says(name, "prefetch"));
    let name = headers.get(http::header::USER_AGENT).map(http::HeaderValue::as_bytes);
    !fetches_ahead && name.is_some_and(|name| !is_program(name))
}

/// Runs for every cached answer that is sent, so the name is read once and compared only where a word may begin.
fn is_program(name: &[u8]) -> bool {
    const WORDS: [&str; 10] =
        ["bot", "crawl", "spider", "slurp", "preview", "externalhit", "curl/", "wget/", "python", "monitor"];
    name.iter().enumerate().any(|(place, letter)| {
        matches!(letter | 0x20, b'b' | b'c' | b's' | b'p' | b'e' | b'w' | b'm')
            && WORDS.iter().any(|word| {
                name.get(place..place + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
            })
    })
}

fn contains_ignoring_case(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    const FIREFOX: (&str, &str) =
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");

    #[test]
    fn people_look_and_programs_do_not() {
        assert!(is_looked_at(&asked(&[FIREFOX])));
        assert!(!is_looked_at(&asked(&[FIREFOX, ("sec-purpose", "prefetch;prerender")])));
        assert!(!is_looked_at(&asked(&[FIREFOX, ("purpose", "prefetch")])));
        for program in
            ["Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.5.0", "facebookexternalhit/1.1", "BingPreview/1"]
        {
            assert!(!is_looked_at(&asked(&[("user-agent", program)])), "{program}");
        }
        assert!(!is_looked_at(&asked(&[])), "a person's browser has a name");
    }

    #[test]
    fn views_are_taken_once_and_can_be_put_back() {
        let tally = ViewTally::default();
        let page = tally.clone();
        assert!(!tally.is_idle());
        page.add();
        page.add();
        assert_eq!((tally.take(), tally.take()), (2, 0));
        tally.put_back(2);
        drop(page);
        assert!(tally.is_idle());
        assert_eq!(tally.take(), 2);
    }
}
