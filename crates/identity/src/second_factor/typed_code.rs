//! Reads a typed code: six digits of an authenticator app, or a recovery code.

use unicode_normalization::UnicodeNormalization as _;

use super::recovery_codes::RecoveryCode;

/// A well-formed code.
pub(crate) enum TypedCode {
    /// The six digits of an authenticator app.
    Totp(String),
    /// A recovery code.
    Recovery(RecoveryCode),
}

/// The typed text in NFKC without spaces and dashes; 64 characters at most.
pub(crate) fn normalise_code(typed: &str) -> String {
    typed
        .chars()
        .take(64)
        .nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー'))
        .collect()
}

impl TypedCode {
    /// Reads what was typed; `None` when it is no code.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let text = normalise_code(typed);
        if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Totp(text));
        }
        RecoveryCode::parse(&text).map(Self::Recovery)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_told_apart() {
        assert!(matches!(TypedCode::parse("１２３ ４５６"), Some(TypedCode::Totp(text)) if text == "123456"));
        assert!(matches!(TypedCode::parse(" 4abc-DEFG‐7890 "), Some(TypedCode::Recovery(_))));
        for odd in ["", "12345", "1234567", "abcdef", "１２３４５x"] {
            assert!(TypedCode::parse(odd).is_none(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_it(text in any::<String>()) {
            if let Some(TypedCode::Totp(code)) = TypedCode::parse(&text) {
                prop_assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }
    }
}
