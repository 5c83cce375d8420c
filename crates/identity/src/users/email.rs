//! Mail addresses in a canonical form.

use std::fmt;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

/// A mail address in its canonical form: NFKC, lower case, ASCII, one `@`, at most 254 characters (RFC 5321 §4.5.3).
///
/// Only ASCII, because an address that looks like another one is how accounts are stolen; an internationalised domain
/// has its `xn--` form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// The text is not an address that mail can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a mail address")]
pub struct EmailError;

impl EmailAddress {
    /// Reads an address as it was typed. Full-width letters become ASCII; surrounding spaces are removed.
    ///
    /// # Errors
    /// When mail could not be sent there.
    pub fn parse(input: &str) -> Result<Self, EmailError> {
        if input.len() > 1_024 {
            return Err(EmailError);
        }
        let text: String = input.trim().nfkc().collect::<String>().to_ascii_lowercase();
        let (local, domain) = text.split_once('@').ok_or(EmailError)?;
        let local_fits = (1..=64).contains(&local.len())
            && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_fits = domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label_fits);
        if local_fits && domain_fits && text.len() <= 254 { Ok(Self(text)) } else { Err(EmailError) }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_made_canonical() {
        assert_eq!(EmailAddress::parse(" Hana@Example.JP ").map(|e| e.to_string()), Ok("hana@example.jp".to_owned()));
        assert_eq!(EmailAddress::parse("ｈａｎａ@example.jp").map(|e| e.to_string()), Ok("hana@example.jp".to_owned()));
    }

    #[test]
    fn an_address_that_only_looks_like_another_is_refused_or_is_that_address() {
        let hana = EmailAddress::parse("hana@example.jp").unwrap();
        // Other ways of writing the same letters.
        for same in [
            "ＨＡＮＡ＠ＥＸＡＭＰＬＥ．ＪＰ",
            "ｈana@example.jp",
            "𝐡𝐚𝐧𝐚@example.jp",
            "ⓗana@example.jp",
            "hana@example.jp\u{3000}",
        ] {
            assert_eq!(EmailAddress::parse(same).as_ref(), Ok(&hana), "{same:?}");
        }
        let others = [
            // Letters of other alphabets that look like ours, before and behind the sign.
            "h\u{430}na@example.jp",
            "han\u{251}@example.jp",
            "hana@ex\u{430}mple.jp",
            "hana@example.\u{458}p",
            "hana@e\u{445}ample.jp",
            "\u{4bb}ana@example.jp",
            // What nobody sees.
            "ha\u{200b}na@example.jp",
            "ha\u{200d}na@example.jp",
            "ha\u{ad}na@example.jp",
            "\u{feff}hana@example.jp",
            "hana\u{2060}@example.jp",
            "\u{202e}hana@example.jp",
            "hana@example.jp\u{fe0f}",
            // Marks that lean on a letter, and signs that look like a dot or an at.
            "ha\u{301}na@example.jp",
            "hana@example\u{3002}jp",
            "hana@example\u{2024}jp.",
            "hana\u{ff20}example.jp@example.jp",
            // A domain in its own letters: it has a form in ours, and only that one counts.
            "hana@例え.jp",
            "hana@bücher.example",
        ];
        for other in others {
            assert_eq!(EmailAddress::parse(other), Err(EmailError), "{other:?}");
        }
        let international = EmailAddress::parse("Hana@XN--R8JZ45G.jp").unwrap();
        assert_eq!(international.as_str(), "hana@xn--r8jz45g.jp");
        assert_ne!(EmailAddress::parse("hana@xn--exmple-cua.jp").unwrap(), hana);
    }

    #[test]
    fn what_mail_cannot_reach_is_refused() {
        let bad = [
            "",
            "a",
            "@b.c",
            "a@",
            "a@b",
            "a@@b.c",
            "a b@c.d",
            "a@b..c",
            "a@-b.c",
            "a\r\nBcc: x@y.z@b.c",
            ".a@b.c",
            "a..b@c.d",
            "hаna@example.jp",
            "a@b.c\u{0}",
        ];
        for text in bad {
            assert_eq!(EmailAddress::parse(text), Err(EmailError), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn an_accepted_address_is_one_plain_line(text in any::<String>()) {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert!(address.as_str().is_ascii() && !address.as_str().contains(char::is_whitespace));
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address.clone()));
            }
        }
    }
}
