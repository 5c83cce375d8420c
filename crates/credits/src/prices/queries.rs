//! The SQL of prices.

use kernel::{ImageCredits, Tokens};
use platform::Tx;
use time::OffsetDateTime;

use super::model::{NewPrice, Operation, Price, PricedModel};
use crate::error::CreditError;
use crate::ids::PriceId;

/// A price and until when it was valid.
pub(super) struct DatedPrice {
    pub(super) id: PriceId,
    pub(super) image_credits: ImageCredits,
    pub(super) tokens: Tokens,
    pub(super) valid_until: Option<OffsetDateTime>,
}

impl DatedPrice {
    pub(super) fn price(&self) -> Price {
        Price { id: self.id, image_credits: self.image_credits, tokens: self.tokens }
    }
}

/// The current price, and the one with `wanted` as id where it is another.
pub(super) async fn find(
    tx: &mut Tx,
    operation: Operation,
    provider: &str,
    model: &str,
    wanted: Option<PriceId>,
) -> Result<Vec<DatedPrice>, CreditError> {
    Ok(sqlx::query_as!(
        DatedPrice,
        r#"select id as "id: PriceId", image_credits as "image_credits: ImageCredits", tokens_milli as "tokens: Tokens",
                  valid_until
             from public.operation_prices
            where operation = $1 and provider = $2 and model = $3 and (valid_until is null or id = $4)"#,
        operation.as_str(),
        provider,
        model,
        wanted as Option<PriceId>,
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Every current price; for everybody.
///
/// # Errors
/// When the database fails.
pub async fn current(tx: &mut Tx) -> Result<Vec<PricedModel>, CreditError> {
    let rows = sqlx::query!(
        r#"select id as "id: PriceId", operation as "operation: Operation", provider, model,
                  image_credits as "image_credits: ImageCredits", tokens_milli as "tokens: Tokens"
             from public.operation_prices where valid_until is null order by provider, model, operation"#,
    )
    .fetch_all(tx.conn())
    .await?;
    let priced = rows.into_iter().map(|row| PricedModel {
        operation: row.operation,
        provider: row.provider,
        model: row.model,
        price: Price { id: row.id, image_credits: row.image_credits, tokens: row.tokens },
    });
    Ok(priced.collect())
}

pub(super) async fn set(tx: &mut Tx, id: PriceId, price: &NewPrice, now: OffsetDateTime) -> Result<bool, CreditError> {
    Ok(sqlx::query_scalar!(
        r#"select app.credits_set_price($1, $2, $3, $4, $5, $6, $7) as "changed!""#,
        id as PriceId,
        price.operation.as_str(),
        price.provider,
        price.model,
        price.image_credits as ImageCredits,
        price.tokens as Tokens,
        now,
    )
    .fetch_one(tx.conn())
    .await?)
}
