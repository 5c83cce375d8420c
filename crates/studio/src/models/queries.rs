//! The only SQL of the models.

use credits::prices::Operation;
use platform::DatabaseError;
use sqlx::PgConnection;

use super::model::AiModel;
use crate::providers::model::ProviderKind;

/// The offered model of this name, of this provider if one is given.
pub(crate) async fn by_name(
    tx: &mut PgConnection,
    model: &str,
    provider: Option<ProviderKind>,
) -> Result<Option<AiModel>, DatabaseError> {
    sqlx::query_as!(
        AiModel,
        r#"select provider as "provider: ProviderKind", model, label, operations, ratios, sizes, reference_limit,
                  pixels as "pixels: _", price_micro_usd as "price_micro_usd: _"
           from public.ai_models
           where model = $1 and ($2::text is null or provider = $2) and is_offered
           order by position limit 1"#,
        model,
        provider.map(ProviderKind::as_str),
    )
    .fetch_optional(tx)
    .await
}

/// The default model of a provider for an operation.
pub(crate) async fn default_of(
    tx: &mut PgConnection,
    provider: ProviderKind,
    operation: Operation,
) -> Result<Option<AiModel>, DatabaseError> {
    sqlx::query_as!(
        AiModel,
        r#"select provider as "provider: ProviderKind", model, label, operations, ratios, sizes, reference_limit,
                  pixels as "pixels: _", price_micro_usd as "price_micro_usd: _"
           from public.ai_models where provider = $1 and is_default and operations @> array[$2]::text[]"#,
        provider.as_str(),
        operation.as_str(),
    )
    .fetch_optional(tx)
    .await
}

/// A model, offered or not: an execution finishes with the model that it began with.
pub(crate) async fn exactly(
    tx: &mut PgConnection,
    provider: ProviderKind,
    model: &str,
) -> Result<Option<AiModel>, DatabaseError> {
    sqlx::query_as!(
        AiModel,
        r#"select provider as "provider: ProviderKind", model, label, operations, ratios, sizes, reference_limit,
                  pixels as "pixels: _", price_micro_usd as "price_micro_usd: _"
           from public.ai_models where provider = $1 and model = $2"#,
        provider.as_str(),
        model,
    )
    .fetch_optional(tx)
    .await
}

/// Every model that is offered, in the order in which they are shown.
pub(crate) async fn offered(tx: &mut PgConnection) -> Result<Vec<AiModel>, DatabaseError> {
    sqlx::query_as!(
        AiModel,
        r#"select provider as "provider: ProviderKind", model, label, operations, ratios, sizes, reference_limit,
                  pixels as "pixels: _", price_micro_usd as "price_micro_usd: _"
           from public.ai_models where is_offered order by position, provider, model"#,
    )
    .fetch_all(tx)
    .await
}
