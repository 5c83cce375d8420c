//! Recovery codes: ten codes for the day when the second factor is lost. Shown once, kept as hashes, each works once.

mod queries;

use kernel::{Ctx, Random, UserId};
use platform::{DatabaseError, Problem};
use sqlx::PgConnection;

use crate::passwords::{self, PasswordHash};

/// How many codes there are; the first character of a code is its number.
pub(crate) const CODES: i16 = 10;
/// Characters of a code without its dashes: the number and 55 random bits.
const CHARS: usize = 12;
/// Crockford's alphabet: no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A code as its owner typed it, made canonical.
#[derive(Clone)]
pub(crate) struct RecoveryCode {
    slot: i16,
    text: String,
}

/// Ten new codes, and the hashes of them to be kept.
pub(crate) struct FreshCodes {
    codes: Vec<RecoveryCode>,
    hashes: Vec<PasswordHash>,
}

impl RecoveryCode {
    fn generate(random: &Random, slot: i16) -> Self {
        let drawn = random.bytes::<{ CHARS - 1 }>();
        let rest = drawn.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        Self { slot, text: slot.to_string().chars().chain(rest).collect() }
    }

    /// Reads characters without spaces and dashes; letters that look like digits are taken for them.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let text: String = typed
            .chars()
            .map(|c| match c.to_ascii_lowercase() {
                'i' | 'l' => '1',
                'o' => '0',
                other => other,
            })
            .collect();
        let fits = text.len() == CHARS && text.bytes().all(|byte| ALPHABET.contains(&byte));
        let slot = text.chars().next().and_then(|first| first.to_digit(10));
        slot.filter(|_| fits).and_then(|slot| i16::try_from(slot).ok()).map(|slot| Self { slot, text })
    }

    /// As it is shown: three groups of four.
    pub(crate) fn shown(&self) -> String {
        format!("{}-{}-{}", &self.text[..4], &self.text[4..8], &self.text[8..])
    }
}

impl FreshCodes {
    /// Draws ten codes and hashes them; outside of any transaction, for it takes its time.
    ///
    /// # Errors
    /// 503 when too many wait for hashing.
    pub(crate) async fn draw(random: &Random) -> Result<Self, Problem> {
        let codes: Vec<RecoveryCode> = (0..CODES).map(|slot| RecoveryCode::generate(random, slot)).collect();
        let mut hashes = Vec::with_capacity(codes.len());
        for code in &codes {
            hashes.push(passwords::hash(random, &code.text).await?);
        }
        Ok(Self { codes, hashes })
    }

    /// Keeps the hashes in place of all that were there; answers the codes, to be shown once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn keep(
        self,
        ctx: &Ctx,
        tx: &mut PgConnection,
        user_id: UserId,
    ) -> Result<Vec<String>, DatabaseError> {
        queries::delete_all(tx, user_id).await?;
        for (code, hash) in self.codes.iter().zip(&self.hashes) {
            queries::insert(tx, user_id, code.slot, hash.as_str(), ctx.now()).await?;
        }
        Ok(self.codes.iter().map(RecoveryCode::shown).collect())
    }
}

/// The hash against which a code has to be held; nothing when its slot is used up or empty.
pub(crate) async fn hash_of(
    tx: &mut PgConnection,
    user_id: UserId,
    code: &RecoveryCode,
) -> Result<Option<String>, DatabaseError> {
    queries::unused_hash(tx, user_id, code.slot).await
}

/// Whether a code is the one behind `hash`; the same work is done where there is no hash.
///
/// # Errors
/// 503 when too many wait for hashing.
pub(crate) async fn is_right(code: &RecoveryCode, hash: Option<String>) -> Result<bool, Problem> {
    passwords::verify(&code.text, hash).await
}

/// Uses a code up; false when somebody else did so first, or it was replaced meanwhile.
pub(crate) async fn spend(
    ctx: &Ctx,
    tx: &mut PgConnection,
    user_id: UserId,
    code: &RecoveryCode,
    hash: &str,
) -> Result<bool, DatabaseError> {
    queries::mark_used(tx, user_id, code.slot, hash, ctx.now()).await
}

/// Deletes the codes of an account that needs none.
pub(crate) async fn delete_all(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    queries::delete_all(tx, user_id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = RecoveryCode::generate(&Random::seeded(3), 4);
        assert_eq!(code.shown().len(), 14);
        assert!(code.shown().starts_with('4'));
        let typed = code.text.to_uppercase().replace('1', "l").replace('0', "O");
        let read = RecoveryCode::parse(&typed).expect("a code");
        assert_eq!((read.slot, read.text), (code.slot, code.text));
        for odd in ["", "123456", "a23456789abc", "4u3456789abc", "4あ3456789abc", "4234567890abcd"] {
            assert!(RecoveryCode::parse(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn codes_are_drawn_evenly() {
        let random = Random::seeded(9);
        let mut counts = [0_u32; 256];
        for _ in 0..2_000 {
            let code = RecoveryCode::generate(&random, 0);
            code.text.bytes().skip(1).for_each(|byte| counts[usize::from(byte)] += 1);
        }
        let expected = 2_000 * 11 / 32;
        for symbol in ALPHABET {
            let count = counts[usize::from(*symbol)];
            assert!(count.abs_diff(expected) < expected / 4, "{}: {count}", char::from(*symbol));
        }
    }
}
