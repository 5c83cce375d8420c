//! Recovery codes: ten one-time codes for a lost second factor. They are shown once and stored as hashes.

use kernel::{Ctx, Random, UserId};
use platform::{DatabaseError, Problem};
use sqlx::PgConnection;

use super::queries;
use crate::passwords::hash::{hash_password, verify_password};
use crate::passwords::model::PasswordHash;

/// The number of codes; the first character of a code is its slot.
pub(crate) const CODES: i16 = 10;
/// Characters of a code without dashes: the slot and 55 random bits.
const CHARS: usize = 12;
/// Crockford's base32 alphabet, in which no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A code in its canonical form.
#[derive(Clone)]
pub(crate) struct RecoveryCode {
    slot: i16,
    text: String,
}

/// Ten new codes and their hashes.
pub(crate) struct NewCodes {
    codes: Vec<RecoveryCode>,
    hashes: Vec<PasswordHash>,
}

impl RecoveryCode {
    fn generate(random: &Random, slot: i16) -> Self {
        let drawn = random.bytes::<{ CHARS - 1 }>();
        let rest = drawn.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        Self { slot, text: slot.to_string().chars().chain(rest).collect() }
    }

    /// Reads a code without spaces and dashes. `i` and `l` count as 1, `o` as 0.
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

    /// The code in three groups of four characters.
    fn formatted(&self) -> String {
        format!("{}-{}-{}", &self.text[..4], &self.text[4..8], &self.text[8..])
    }
}

impl NewCodes {
    /// Draws ten codes and hashes them. Hashing is slow, so call this outside a transaction.
    ///
    /// # Errors
    /// 503 `too_busy` when too many hashes wait.
    pub(crate) async fn draw(random: &Random) -> Result<Self, Problem> {
        let codes: Vec<RecoveryCode> = (0..CODES).map(|slot| RecoveryCode::generate(random, slot)).collect();
        let mut hashes = Vec::with_capacity(codes.len());
        for code in &codes {
            hashes.push(hash_password(random, &code.text).await?);
        }
        Ok(Self { codes, hashes })
    }

    /// Stores the hashes in place of all earlier ones; returns the codes, to be shown once.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn store(
        self,
        ctx: &Ctx,
        tx: &mut PgConnection,
        user_id: UserId,
    ) -> Result<Vec<String>, DatabaseError> {
        queries::delete_recovery_codes(tx, user_id).await?;
        for (code, hash) in self.codes.iter().zip(&self.hashes) {
            queries::insert_recovery_code(tx, user_id, code.slot, hash.as_str(), ctx.now()).await?;
        }
        Ok(self.codes.iter().map(RecoveryCode::formatted).collect())
    }
}

/// The hash in the slot of a code; `None` when the slot is used or empty.
pub(crate) async fn find_code_hash(
    tx: &mut PgConnection,
    user_id: UserId,
    code: &RecoveryCode,
) -> Result<Option<String>, DatabaseError> {
    queries::unused_code_hash(tx, user_id, code.slot).await
}

/// Whether a code matches `hash`; without a hash the same work is done.
///
/// # Errors
/// 503 `too_busy` when too many hashes wait.
pub(crate) async fn code_matches(code: &RecoveryCode, hash: Option<String>) -> Result<bool, Problem> {
    verify_password(&code.text, hash).await
}

/// Uses a code up; `false` when it was used or replaced meanwhile.
pub(crate) async fn use_code(
    ctx: &Ctx,
    tx: &mut PgConnection,
    user_id: UserId,
    code: &RecoveryCode,
    hash: &str,
) -> Result<bool, DatabaseError> {
    queries::use_recovery_code(tx, user_id, code.slot, hash, ctx.now()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = RecoveryCode::generate(&Random::seeded(3), 4);
        assert_eq!(code.formatted().len(), 14);
        assert!(code.formatted().starts_with('4'));
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
