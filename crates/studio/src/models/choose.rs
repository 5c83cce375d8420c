//! Which model makes a picture.

use platform::{DatabaseError, Problem};
use sqlx::PgConnection;

use super::model::{ImageModel, Operation};
use super::queries;
use crate::providers::{ProviderKind, Providers};
use crate::wardrobe::AspectRatio;

/// What a caller said about the model; nothing is fine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelSelector {
    /// A provider by name.
    pub provider: Option<ProviderKind>,
    /// A model by its provider's name for it.
    pub model: Option<String>,
}

/// The model that was wished for, else the default model of the wished or of the platform's provider.
///
/// # Errors
/// 422 with the field when there is no such model here, or it does not make this shape.
pub async fn choose_model(
    tx: &mut PgConnection,
    providers: &Providers,
    wish: &ModelSelector,
    operation: Operation,
    ratio: AspectRatio,
) -> Result<ImageModel, Problem> {
    let found = find(tx, providers, wish).await?;
    let field = if wish.model.is_some() { "model" } else { "provider" };
    let model = found.filter(|model| providers.has(model.provider));
    let model = model.ok_or_else(|| Problem::invalid_field(field, "unknown_value"))?;
    if model.can(operation, ratio) { Ok(model) } else { Err(Problem::invalid_field("aspectRatio", "unknown_value")) }
}

async fn find(
    tx: &mut PgConnection,
    providers: &Providers,
    wish: &ModelSelector,
) -> Result<Option<ImageModel>, DatabaseError> {
    match (&wish.model, wish.provider) {
        (Some(model), provider) => queries::by_name(tx, model, provider).await,
        (None, provider) => queries::default_of(tx, provider.unwrap_or_else(|| providers.preferred())).await,
    }
}
