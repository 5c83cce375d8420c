//! Which model makes something.

use credits::prices::Operation;
use platform::Problem;
use sqlx::PgConnection;

use super::model::AiModel;
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

/// What a model has to be able to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    pub operation: Operation,
    /// How many pictures it is given.
    pub input_count: usize,
    /// The shape of the picture; `None` for a text.
    pub ratio: Option<AspectRatio>,
}

/// The model that was asked for, else the default model of the provider that was asked for or of the preferred one, else
/// of any provider that can do what is needed.
///
/// # Errors
/// 422 with the field when there is no such model here, or it cannot do what is needed.
pub(crate) async fn choose_model(
    tx: &mut PgConnection,
    providers: &Providers,
    selector: &ModelSelector,
    needs: Needs,
) -> Result<AiModel, Problem> {
    let is_able = |model: &AiModel| model.can(needs.operation, needs.input_count, needs.ratio);
    let found = match (&selector.model, selector.provider) {
        (Some(model), provider) => queries::by_name(tx, model, provider).await?,
        (None, Some(provider)) => queries::default_of(tx, provider, needs.operation).await?,
        (None, None) => {
            let mut found = None;
            for provider in [providers.preferred()].into_iter().chain(ProviderKind::ALL) {
                let default = queries::default_of(tx, provider, needs.operation).await?;
                found = found.or(default.filter(|model| providers.has(model.provider)));
                if found.as_ref().is_some_and(is_able) {
                    break;
                }
            }
            found
        }
    };
    let field = if selector.model.is_some() { "model" } else { "provider" };
    let model = found.filter(|model| providers.has(model.provider));
    let model = model.ok_or_else(|| Problem::invalid_field(field, "unknown_value"))?;
    if is_able(&model) {
        return Ok(model);
    }
    let makes_shape = needs.ratio.is_none_or(|ratio| model.ratios.iter().any(|known| known == ratio.as_str()));
    Err(Problem::invalid_field(if makes_shape { field } else { "aspectRatio" }, "unknown_value"))
}
