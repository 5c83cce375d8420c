//! Messages in two languages, from Fluent files.

use std::collections::BTreeSet;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use kernel::Locale;
use unic_langid::langid;

/// Both languages; cheap to clone.
#[derive(Clone)]
pub struct Languages(Arc<[Bundle; 2]>);

struct Bundle {
    fluent: FluentBundle<FluentResource>,
    keys: BTreeSet<String>,
}

/// A message file could not be used.
#[derive(Debug, thiserror::Error)]
#[error("the {locale} messages {file}: {fault}")]
pub struct LanguageError {
    locale: Locale,
    file: String,
    fault: String,
}

impl Languages {
    /// Reads the message files, (language, file name, text), as far as they can be used: of a key that occurs twice the
    /// first message counts, and of a file that does not parse what does. The faults say what was left out; one bad message costs no
    /// other.
    pub fn load<'a>(files: impl IntoIterator<Item = (Locale, &'a str, &'a str)>) -> (Self, Vec<LanguageError>) {
        let mut bundles = [Bundle::empty(Locale::Ja), Bundle::empty(Locale::En)];
        let mut faults = Vec::new();
        for (locale, file, text) in files {
            let bundle = &mut bundles[index(locale)];
            let mut found = |fault: String| faults.push(LanguageError { locale, file: file.to_owned(), fault });
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, errors)| {
                found(format!("{errors:?}"));
                readable
            });
            bundle.keys.extend(message_keys(text));
            if let Err(errors) = bundle.fluent.add_resource(resource) {
                found(format!("{errors:?}"));
            }
        }
        (Self(Arc::new(bundles)), faults)
    }

    /// Without any message; keys are shown as they are. For tests that show no message.
    pub fn empty() -> Self {
        Self(Arc::new([Bundle::empty(Locale::Ja), Bundle::empty(Locale::En)]))
    }

    /// The message `key`, with `args` in its places. A key that is missing is shown as itself and logged.
    pub fn text(&self, locale: Locale, key: &str, args: &[(&str, &str)]) -> String {
        self.try_text(locale, key, args).unwrap_or_else(|| {
            tracing::warn!(key, %locale, "a message is missing");
            key.to_owned()
        })
    }

    /// As [`Languages::text`], or nothing when there is no such message.
    pub fn try_text(&self, locale: Locale, key: &str, args: &[(&str, &str)]) -> Option<String> {
        let bundle = &self.0[index(locale)].fluent;
        let (message, attribute) = key.split_once('.').map_or((key, None), |(message, name)| (message, Some(name)));
        let message = bundle.get_message(message)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut fluent_args = FluentArgs::new();
        for (name, value) in args {
            match value.parse::<i64>() {
                // A number chooses the plural form; it is shown with separators only where the message was given text.
                Ok(number) if number.to_string() == *value => fluent_args.set((*name).to_owned(), number),
                _ => fluent_args.set((*name).to_owned(), (*value).to_owned()),
            }
        }
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&fluent_args), &mut faults);
        if !faults.is_empty() {
            tracing::warn!(key, ?faults, "a message could not be filled in");
        }
        Some(text.into_owned())
    }

    /// The keys of a language, for the test that both have the same.
    pub fn keys(&self, locale: Locale) -> &BTreeSet<String> {
        &self.0[index(locale)].keys
    }
}

impl Bundle {
    fn empty(locale: Locale) -> Self {
        let language = match locale {
            Locale::Ja => langid!("ja"),
            Locale::En => langid!("en"),
        };
        let mut fluent = FluentBundle::new_concurrent(vec![language]);
        // The isolation marks are for mixed directions; both languages here are written left to right, and the marks
        // would end up in titles, mails and copied text.
        fluent.set_use_isolating(false);
        Self { fluent, keys: BTreeSet::new() }
    }
}

const fn index(locale: Locale) -> usize {
    match locale {
        Locale::Ja => 0,
        Locale::En => 1,
    }
}

/// The keys of a message file, attributes as `message.attribute`.
pub fn message_keys(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut current = "";
    for line in text.lines() {
        if line.starts_with(|c: char| c.is_ascii_alphabetic())
            && let Some((key, _)) = line.split_once('=')
        {
            current = key.trim();
            keys.push(current.to_owned());
        } else if let Some((attribute, _)) = line.trim_start().strip_prefix('.').and_then(|rest| rest.split_once('=')) {
            keys.push(format!("{current}.{}", attribute.trim()));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_filled_and_never_missing_silently() {
        let (languages, faults) = Languages::load([
            (Locale::Ja, "a.ftl", "hello = こんにちは、{ $name }さん\n    .short = やあ\n"),
            (Locale::En, "a.ftl", "hello = Hello, { $name }\n    .short = Hi\n"),
        ]);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(languages.text(Locale::Ja, "hello", &[("name", "花")]), "こんにちは、花さん");
        assert_eq!(languages.text(Locale::En, "hello.short", &[]), "Hi");
        assert_eq!(languages.text(Locale::En, "nothing", &[]), "nothing");
        assert_eq!(languages.keys(Locale::Ja), languages.keys(Locale::En));
    }

    #[test]
    fn a_key_that_occurs_twice_or_a_line_that_does_not_parse_costs_no_other_message() {
        let (languages, faults) = Languages::load([
            (Locale::Ja, "a.ftl", "hello = 一\nsave = 保存\nhello = 二\n"),
            (Locale::Ja, "b.ftl", "save = 別の保存\nclose = 閉じる\n"),
            (Locale::Ja, "c.ftl", "before = 前\nbroken = { $name\nafter = 後\n"),
        ]);
        let say = |key| languages.text(Locale::Ja, key, &[]);
        assert_eq!((say("hello"), say("save"), say("close")), ("一".into(), "保存".into(), "閉じる".into()));
        assert_eq!((say("before"), say("after"), say("broken")), ("前".into(), "後".into(), "broken".into()));
        let errors: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(errors.len(), 3, "{errors:?}");
        assert!(errors[0].contains("a.ftl") && errors[0].contains("hello"), "{errors:?}");
        assert!(errors[1].contains("b.ftl") && errors[1].contains("save"), "{errors:?}");
        assert!(errors[2].contains("c.ftl"), "{errors:?}");
    }
}
