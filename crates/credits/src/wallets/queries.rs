//! The SQL of wallets.

use kernel::{ImageCredits, Tokens, UserId};
use platform::Tx;

use super::Balance;
use crate::CreditError;

/// What a person has; under row level security the own wallet only.
///
/// # Errors
/// [`CreditError::NoWallet`].
pub async fn balance(tx: &mut Tx, user_id: UserId) -> Result<Balance, CreditError> {
    sqlx::query_as!(
        Balance,
        r#"select tokens_available as "tokens: Tokens", tokens_held as "tokens_held: Tokens",
                  images_available as "image_credits: ImageCredits", images_held as "image_credits_held: ImageCredits"
             from public.wallets where user_id = $1"#,
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await?
    .ok_or(CreditError::NoWallet)
}
