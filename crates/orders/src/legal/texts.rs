//! The texts: the operator's own where there are any, else those of the program. Read once, at the start.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use kernel::Locale;

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LegalText {
    /// The terms of use.
    Terms,
    /// The privacy policy.
    Privacy,
}

impl LegalText {
    const fn name(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Privacy => "privacy",
        }
    }

    const fn ours(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::Terms, Locale::Ja) => include_str!("texts/terms.ja.txt"),
            (Self::Terms, Locale::En) => include_str!("texts/terms.en.txt"),
            (Self::Privacy, Locale::Ja) => include_str!("texts/privacy.ja.txt"),
            (Self::Privacy, Locale::En) => include_str!("texts/privacy.en.txt"),
        }
    }
}

/// A text as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    /// The language in which it is written, which may be another than the page's.
    pub(crate) locale: Locale,
    /// The text.
    pub(crate) text: &'a str,
}

/// The operator's own texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct LegalTexts(BTreeMap<(LegalText, &'static str), String>);

impl LegalTexts {
    /// Reads `{terms,privacy}.{ja,en}.txt` of a folder. A file that cannot be read is logged, and the
    /// program's text is shown.
    pub(crate) fn read(folder: Option<&Path>) -> Self {
        let mut texts = BTreeMap::new();
        let Some(folder) = folder else { return Self(texts) };
        for text in [LegalText::Terms, LegalText::Privacy] {
            for locale in Locale::ALL {
                let path = folder.join(format!("{}.{}.txt", text.name(), locale.tag()));
                match std::fs::read_to_string(&path) {
                    Ok(own) => {
                        texts.insert((text, locale.tag()), own);
                    }
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => tracing::error!(path = %path.display(), %error, "a legal text cannot be read"),
                }
            }
        }
        Self(texts)
    }

    /// The text in this language. An operator who wrote one in one language only is quoted in that language: our own
    /// text in the other would say something else.
    pub(crate) fn find(&self, text: LegalText, locale: Locale) -> Found<'_> {
        let others = Locale::ALL.into_iter().filter(|other| *other != locale);
        std::iter::once(locale)
            .chain(others)
            .find_map(|locale| self.0.get(&(text, locale.tag())).map(|text| Found { locale, text }))
            .unwrap_or(Found { locale, text: text.ours(locale) })
    }
}
