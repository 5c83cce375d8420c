//! The SQL of wallets.

use kernel::{ImageCredits, Tokens, UserId};
use platform::Tx;
use time::OffsetDateTime;

use crate::error::CreditError;
use crate::wallets::model::Balance;

/// What a person can spend at `now`, and what is held; under row level security the own wallet only. What has expired counts
/// no more, also where the job that ends it has not been there yet.
///
/// # Errors
/// [`CreditError::NoWallet`].
pub async fn balance(tx: &mut Tx, user_id: UserId, now: OffsetDateTime) -> Result<Balance, CreditError> {
    sqlx::query_as!(
        Balance,
        r#"select w.tokens_available - o.tokens as "tokens!: Tokens", w.tokens_held as "tokens_held: Tokens",
                  w.images_available - o.images as "image_credits!: ImageCredits",
                  w.images_held as "image_credits_held: ImageCredits"
             from public.wallets as w
            cross join lateral (
                  select coalesce(sum(l.available) filter (where l.unit = 'token'), 0)::bigint as tokens,
                         coalesce(sum(l.available) filter (where l.unit = 'image'), 0)::bigint as images
                    from public.credit_lots as l
                   where l.user_id = w.user_id and l.available > 0 and l.ended_at is null and l.expires_at <= $2) as o
            where w.user_id = $1"#,
        user_id as UserId,
        now,
    )
    .fetch_optional(tx.conn())
    .await?
    .ok_or(CreditError::NoWallet)
}

/// Locks a wallet until the transaction ends. Whoever writes on the ledger and gives in one transaction does so first: the
/// wallet comes before everything that others wait for while they hold one.
///
/// # Errors
/// [`CreditError::NoWallet`].
pub async fn lock(tx: &mut Tx, user_id: UserId) -> Result<(), CreditError> {
    sqlx::query!("select app.credits_come_first($1)::text as held", user_id as UserId).fetch_one(tx.conn()).await?;
    Ok(())
}
