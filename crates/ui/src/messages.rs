//! The messages of a page in the visitor's language, as templates use them: `t.say("save")`.

use std::fmt::Display;
use std::sync::LazyLock;

use kernel::{Locale, Yen};
use platform::i18n::{LanguageError, Languages};
use rust_embed::RustEmbed;

/// `locales/{ja,en}/*.ftl`: every domain adds its own file there, in both languages.
#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    let (languages, faults) = load();
    for fault in faults {
        // A test reads the same files, so this happens only while one is being edited.
        tracing::error!(%fault, "a message was left out");
    }
    languages
});

fn load() -> (Languages, Vec<LanguageError>) {
    let mut files = Vec::new();
    for path in Locales::iter() {
        let Some((tag, name)) = path.split_once('/') else { continue };
        if let (Ok(locale), Some(file)) = (tag.parse::<Locale>(), Locales::get(&path)) {
            files.push((locale, name.to_owned(), String::from_utf8_lossy(&file.data).into_owned()));
        }
    }
    Languages::load(files.iter().map(|(locale, name, text)| (*locale, name.as_str(), text.as_str())))
}

/// Both languages of the platform, read from `crates/ui/locales`. Cheap to clone.
pub fn languages() -> Languages {
    LANGUAGES.clone()
}

/// The messages of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Messages {
    locale: Locale,
}

impl Messages {
    /// The messages of this language.
    pub const fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// The message of this key. A missing one is shown as its key and logged.
    pub fn say(&self, key: &str) -> String {
        LANGUAGES.text(self.locale, key, &[])
    }

    /// The message of this key with its places filled: `t.say_with("list-loaded", ui::arg("count", 3))`.
    pub fn say_with(&self, key: &str, args: impl Into<Args>) -> String {
        let args: Args = args.into();
        let args: Vec<(&str, &str)> = args.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
        LANGUAGES.text(self.locale, key, &args)
    }

    /// Problems of a form as its summary lists them, each with the label of its field: `タイトル：入力してください`.
    /// `label_key` tells the label's message for the name of a field, or an empty text where the message says enough.
    pub fn name_problems(
        &self,
        problems: &[(String, String)],
        label_key: impl Fn(&str) -> &'static str,
    ) -> Vec<(String, String)> {
        let named = |(field, message): &(String, String)| match label_key(field) {
            "" => (field.clone(), message.clone()),
            key => {
                (field.clone(), self.say_with("form-problem-of", arg("field", self.say(key)).arg("message", message)))
            }
        };
        problems.iter().map(named).collect()
    }

    /// An amount with its sign, or the word for free: `¥12,800`, `無料`.
    pub fn yen(&self, amount: &Yen) -> String {
        if amount.is_zero() { self.say("price-free") } else { self.yen_amount(amount) }
    }

    /// An amount with its sign, zero too: `¥0`. For sums, where nothing is not "free".
    pub fn yen_amount(&self, amount: &Yen) -> String {
        self.say_with("price-yen", arg("amount", amount))
    }

    /// The language.
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// The tag for `<html lang>`: `ja` or `en`.
    pub const fn tag(&self) -> &'static str {
        self.locale.tag()
    }

    /// Whether this is Japanese.
    pub const fn is_ja(&self) -> bool {
        self.locale.is_ja()
    }
}

/// What fills the places of a message. A whole number chooses the plural form.
#[derive(Clone, Debug, Default)]
pub struct Args(Vec<(&'static str, String)>);

/// One filled place; more follow with [`Args::arg`].
pub fn arg(name: &'static str, value: impl Display) -> Args {
    Args(vec![(name, value.to_string())])
}

impl Args {
    /// One more filled place.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Display) -> Self {
        self.0.push((name, value.to_string()));
        self
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Locale, Yen};

    use super::{Messages, arg, load};

    #[test]
    fn both_languages_have_the_same_messages() {
        let (languages, faults) = load();
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(languages.keys(Locale::Ja), languages.keys(Locale::En));
        assert!(languages.keys(Locale::Ja).len() > 80);
    }

    #[test]
    fn amounts_are_said_as_people_write_them() {
        let t = Messages::new(Locale::Ja);
        assert_eq!(t.yen(&Yen(12_800)), "¥12,800");
        assert_eq!(t.yen(&Yen::ZERO), "無料");
        assert_eq!(t.yen_amount(&Yen::ZERO), "¥0");
    }

    #[test]
    fn a_summary_names_the_field_that_is_meant() {
        let problems =
            [("email".to_owned(), "入力してください".to_owned()), ("form".to_owned(), "混んでいます".to_owned())];
        let label = |field: &str| if field == "email" { "identity-email" } else { "" };
        let named = Messages::new(Locale::Ja).name_problems(&problems, label);
        assert_eq!(named[0], ("email".to_owned(), "メールアドレス：入力してください".to_owned()));
        assert_eq!(named[1], problems[1]);
    }

    #[test]
    fn a_number_chooses_the_plural() {
        let t = Messages::new(Locale::En);
        assert_eq!(t.say_with("form-characters-left", arg("count", 1)), "1 character left");
        assert_eq!(t.say_with("form-characters-left", arg("count", 2)), "2 characters left");
    }
}
