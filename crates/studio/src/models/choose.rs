//! Which model makes a picture.

use platform::{DatabaseError, Problem};
use sqlx::PgConnection;

use super::model::{ImageModel, Operation};
use super::queries;
use crate::aspect_ratio::AspectRatio;
use crate::providers::model::ProviderKind;
use crate::providers::set::Providers;

/// Which model a caller asks for; both may be left open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelSelector {
    /// A provider by name.
    pub provider: Option<ProviderKind>,
    /// A model by its provider's name for it.
    pub model: Option<String>,
}

/// The model that was asked for, else the default model of the provider that was asked for or of the preferred one.
///
/// # Errors
/// 422 with the field when there is no such model here, or it does not make this shape.
pub(crate) async fn choose_model(
    tx: &mut PgConnection,
    providers: &Providers,
    selector: &ModelSelector,
    operation: Operation,
    ratio: AspectRatio,
) -> Result<ImageModel, Problem> {
    let found = find(tx, providers, selector).await?;
    let field = if selector.model.is_some() { "model" } else { "provider" };
    let model = found.filter(|model| providers.has(model.provider));
    let model = model.ok_or_else(|| Problem::invalid_field(field, "unknown_value"))?;
    if model.can(operation, ratio) { Ok(model) } else { Err(Problem::invalid_field("aspectRatio", "unknown_value")) }
}

async fn find(
    tx: &mut PgConnection,
    providers: &Providers,
    selector: &ModelSelector,
) -> Result<Option<ImageModel>, DatabaseError> {
    match (&selector.model, selector.provider) {
        (Some(model), provider) => queries::by_name(tx, model, provider).await,
        (None, provider) => queries::default_of(tx, provider.unwrap_or_else(|| providers.preferred())).await,
    }
}
