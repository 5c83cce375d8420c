//! Text typed by users: what is accepted, and how it is normalised.

use unicode_normalization::UnicodeNormalization as _;

/// Why a text was refused. The code is the suffix of the message key `field-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("the text is empty")]
    Empty,
    /// More characters than allowed.
    #[error("the text has more than {max_chars} characters")]
    TooLong {
        /// The limit.
        max_chars: usize,
    },
    /// Control characters, or invisible ones that change the direction or look of the text around them.
    #[error("the text has characters that cannot be shown")]
    Unprintable,
}

impl TextError {
    /// The stable code in `fields[].error`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong { .. } => "too_long",
            Self::Unprintable => "unprintable",
        }
    }
}

/// A single line for people to read: NFC, trimmed, runs of white space folded, 1 to `max_chars` characters.
///
/// # Errors
/// See [`TextError`].
pub fn clean_line(input: &str, max_chars: usize) -> Result<String, TextError> {
    let text = optional_line(input, max_chars)?;
    if text.is_empty() { Err(TextError::Empty) } else { Ok(text) }
}

/// As [`clean_line`], but may be empty.
///
/// # Errors
/// See [`TextError`].
pub fn optional_line(input: &str, max_chars: usize) -> Result<String, TextError> {
    if input.len() > max_chars.saturating_mul(16) {
        return Err(TextError::TooLong { max_chars });
    }
    if input.chars().any(|c| is_unprintable(c) && !matches!(c, '\t' | '\r' | '\n')) {
        return Err(TextError::Unprintable);
    }
    if input.trim().contains(['\r', '\n']) {
        return Err(TextError::Unprintable);
    }
    let folded = input.split_whitespace().collect::<Vec<_>>().join(" ");
    within(folded.nfc().collect(), max_chars)
}

/// Several lines for people to read: NFC, `\n` line ends, trimmed, at most `max_chars` characters, may be empty.
///
/// # Errors
/// See [`TextError`].
pub fn clean_paragraphs(input: &str, max_chars: usize) -> Result<String, TextError> {
    if input.len() > max_chars.saturating_mul(16) {
        return Err(TextError::TooLong { max_chars });
    }
    let text = input.replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().any(|c| is_unprintable(c) && !matches!(c, '\t' | '\n')) {
        return Err(TextError::Unprintable);
    }
    within(text.trim().nfc().collect(), max_chars)
}

fn within(text: String, max_chars: usize) -> Result<String, TextError> {
    if text.chars().count() > max_chars { Err(TextError::TooLong { max_chars }) } else { Ok(text) }
}

/// Control characters, bidirectional controls, invisible separators and characters outside Unicode's assigned text.
///
/// The zero-width joiner and the variation selectors stay: emoji and some scripts need them.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFC}' | '\u{E0000}'..='\u{E0FFF}')
        || (u32::from(c) & 0xFFFE) == 0xFFFE
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_is_trimmed_folded_and_kept() {
        assert_eq!(clean_line("  藍染の\u{3000}ワンピース ", 20).as_deref(), Ok("藍染の ワンピース"));
        assert_eq!(clean_line("か\u{3099}", 5).as_deref(), Ok("が"));
        assert_eq!(clean_line("👩\u{200D}🎨 art", 20).as_deref(), Ok("👩\u{200D}🎨 art"));
    }

    #[test]
    fn control_characters_and_overrides_are_refused() {
        for bad in ["a\u{0}b", "a\u{202E}b", "a\u{2066}b", "a\u{7f}b", "a\nb", "\u{200F}", "a\u{1b}[31m"] {
            assert_eq!(clean_line(bad, 20), Err(TextError::Unprintable), "{bad:?}");
        }
        assert_eq!(clean_line(" \t ", 20), Err(TextError::Empty));
        assert_eq!(clean_line(&"あ".repeat(21), 20), Err(TextError::TooLong { max_chars: 20 }));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_short_and_printable(input in any::<String>()) {
            if let Ok(text) = clean_line(&input, 40) {
                prop_assert!(text.chars().count() <= 40 && !text.is_empty());
                prop_assert!(!text.chars().any(is_unprintable));
                prop_assert_eq!(clean_line(&text, 40), Ok(text.clone()));
            }
        }
    }
}
