//! Which passwords are accepted (NIST 800-63B-4, §3.1.1.2): long enough, and not what everybody tries first.

use platform::FieldProblem;
use zxcvbn::{Score, zxcvbn};

use super::hash::normalised;

/// The fewest characters of a password that is the only factor.
pub const PASSWORD_CHARS_MIN: usize = 15;
/// The fewest characters of a password beside a second factor.
pub const PASSWORD_CHARS_MIN_BESIDE_SECOND_FACTOR: usize = 8;
/// The most; a longer one costs time and adds nothing.
pub const PASSWORD_CHARS_MAX: usize = 256;
/// What is looked at in search of common words; what is longer is not weaker than its beginning.
const LOOKED_AT_CHARS: usize = 72;
/// Messages that everybody knows of this house.
const HOUSE_WORDS: [&str; 4] = ["machiya", "町家", "まちや", "マチヤ"];

/// A password that somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct NewPassword<'a> {
    /// As it was typed.
    pub text: &'a str,
    /// What others know of the person: the mail address, the name.
    pub about: &'a [&'a str],
    /// Whether the account has a second factor.
    pub has_second_factor: bool,
}

impl NewPassword<'_> {
    /// Checks it.
    ///
    /// # Errors
    /// What is wrong with the field `password`: `required`, `too_short`, `too_long`, `common_password`.
    pub fn check(&self) -> Result<(), FieldProblem> {
        let text = normalised(self.text);
        // A few signs stand for a whole phrase when normalised; they are as quickly typed and tried as one.
        let count = text.chars().count().min(self.text.chars().count());
        let min = if self.has_second_factor { PASSWORD_CHARS_MIN_BESIDE_SECOND_FACTOR } else { PASSWORD_CHARS_MIN };
        if count == 0 {
            Err(FieldProblem::new("password", "required"))
        } else if count < min {
            Err(FieldProblem::new("password", "too_short").with("min", min))
        } else if self.text.chars().count() > PASSWORD_CHARS_MAX || count > PASSWORD_CHARS_MAX {
            Err(FieldProblem::new("password", "too_long").with("max", PASSWORD_CHARS_MAX))
        } else if self.is_easy(&text) {
            Err(FieldProblem::new("password", "common_password"))
        } else {
            Ok(())
        }
    }
}

impl NewPassword<'_> {
    /// Whether a guesser who knows the lists of leaked passwords, dictionaries, keyboards, dates and the person would
    /// come to it soon: within 10⁸ guesses, or 10⁶ where a second factor stands behind it. The lists are in the program:
    /// no password leaves it to be looked up.
    fn is_easy(&self, text: &str) -> bool {
        let looked_at: String = text.chars().take(LOOKED_AT_CHARS).collect();
        // An address says as much by its parts as by the whole.
        let known: Vec<String> = self
            .about
            .iter()
            .flat_map(|word| std::iter::once(*word).chain(word.split(|c: char| !c.is_alphanumeric())))
            .chain(HOUSE_WORDS)
            .filter(|word| word.chars().count() >= 3)
            .map(|word| normalised(word).to_lowercase())
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let enough = if self.has_second_factor { Score::Two } else { Score::Three };
        zxcvbn(&looked_at, &known).score() < enough
            || is_periodic(&looked_at)
            || is_mostly_known(&looked_at, &known)
            || is_dressed_up(&looked_at, &known)
    }
}

/// Whether it is a few characters over and over: `abcabcabcabcabc`, `ああああ…`.
fn is_periodic(text: &str) -> bool {
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    (1..=chars.len() / 2)
        .take_while(|period| *period <= 6)
        .any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(one, other)| one == other))
}

/// Whether little is left when what is known of the person and the platform is taken away.
fn is_mostly_known(text: &str, known: &[&str]) -> bool {
    let mut rest = text.to_lowercase();
    let before = rest.chars().count();
    for word in known {
        rest = rest.replace(word, "");
    }
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    rest.chars().count() < before && left < 4
}

/// Whether it is one well-known word with digits and signs around it: `Password123456789!`.
fn is_dressed_up(text: &str, known: &[&str]) -> bool {
    let word = text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    !word.is_empty() && zxcvbn(&word, known).score() == Score::Zero
}
