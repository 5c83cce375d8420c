//! The password policy (NIST 800-63B-4 §3.1.1.2): a minimum length and no easily guessed passwords.

use platform::FieldProblem;
use zxcvbn::{Score, zxcvbn};

use super::hash::normalised;

/// The fewest characters of a password that is the only factor.
const PASSWORD_CHARS_MIN: usize = 15;
/// The fewest characters of a password beside a second factor.
const PASSWORD_CHARS_MIN_WITH_SECOND_FACTOR: usize = 8;
/// The most characters of a password; longer ones cost time and add no safety.
pub(crate) const PASSWORD_CHARS_MAX: usize = 256;
/// How many characters the strength estimate reads; a longer password is not weaker than its beginning.
const ESTIMATED_CHARS: usize = 72;
/// Names of the platform, which everybody knows.
const PLATFORM_NAMES: [&str; 4] = ["machiya", "町家", "まちや", "マチヤ"];

/// The fewest characters of a password, by whether the account has a second factor.
pub(crate) const fn password_chars_min(has_second_factor: bool) -> usize {
    if has_second_factor { PASSWORD_CHARS_MIN_WITH_SECOND_FACTOR } else { PASSWORD_CHARS_MIN }
}

/// A password to be set, with what the check needs to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPassword<'a> {
    /// As it was typed.
    pub(crate) text: &'a str,
    /// What others know of the person: the mail address and the name.
    pub(crate) about: &'a [&'a str],
    /// Whether the account has a second factor.
    pub(crate) has_second_factor: bool,
}

impl NewPassword<'_> {
    /// Checks length and strength.
    ///
    /// # Errors
    /// The problem of the field `password`: `required`, `too_short`, `too_long` or `common_password`.
    pub(crate) fn check(&self) -> Result<(), FieldProblem> {
        let text = normalised(self.text);
        // NFKC expands some single characters to a phrase; such a character counts once.
        let count = text.chars().count().min(self.text.chars().count());
        let min = password_chars_min(self.has_second_factor);
        if count == 0 {
            Err(FieldProblem::new("password", "required"))
        } else if count < min {
            Err(FieldProblem::new("password", "too_short").with("min", min))
        } else if self.text.chars().count() > PASSWORD_CHARS_MAX || count > PASSWORD_CHARS_MAX {
            Err(FieldProblem::new("password", "too_long").with("max", PASSWORD_CHARS_MAX))
        } else if self.is_easily_guessed(&text) {
            Err(FieldProblem::new("password", "common_password"))
        } else {
            Ok(())
        }
    }

    /// Whether an attacker with lists of leaked passwords, dictionaries, keyboard patterns, dates and facts about the
    /// person needs fewer than 10⁸ guesses, or 10⁶ beside a second factor. The lists are part of the program; no
    /// password is sent anywhere.
    fn is_easily_guessed(&self, text: &str) -> bool {
        let estimated: String = text.chars().take(ESTIMATED_CHARS).collect();
        // The parts of an address are as well known as the whole.
        let known: Vec<String> = self
            .about
            .iter()
            .flat_map(|word| std::iter::once(*word).chain(word.split(|c: char| !c.is_alphanumeric())))
            .chain(PLATFORM_NAMES)
            .filter(|word| word.chars().count() >= 3)
            .map(|word| normalised(word).to_lowercase())
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let enough = if self.has_second_factor { Score::Two } else { Score::Three };
        zxcvbn(&estimated, &known).score() < enough
            || is_periodic(&estimated)
            || is_mostly_known(&estimated, &known)
            || is_decorated_word(&estimated, &known)
    }
}

/// Whether up to six characters repeat: `abcabcabcabcabc`, `ああああ…`.
fn is_periodic(text: &str) -> bool {
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    (1..=chars.len() / 2)
        .take_while(|period| *period <= 6)
        .any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(one, other)| one == other))
}

/// Whether fewer than four letters or digits remain without what is known of the person and the platform.
fn is_mostly_known(text: &str, known: &[&str]) -> bool {
    let mut rest = text.to_lowercase();
    let before = rest.chars().count();
    for word in known {
        rest = rest.replace(word, "");
    }
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    rest.chars().count() < before && left < 4
}

/// Whether it is one common word with digits and signs around it: `Password123456789!`.
fn is_decorated_word(text: &str, known: &[&str]) -> bool {
    let word = text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    !word.is_empty() && zxcvbn(&word, known).score() == Score::Zero
}
