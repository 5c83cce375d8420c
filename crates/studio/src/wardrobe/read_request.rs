//! Reading a request for a wardrobe picture from JSON.

use credits::PriceId;
use platform::{FieldProblem, Problem};
use serde_json::Value;

use super::validate::read_params;
use crate::generation_jobs::submit::GenerationRequest;
use crate::generations::spec::GenerationSpec;
use crate::models::choose::ModelSelector;
use crate::providers::model::ProviderKind;

/// Reads `{prompt, negative, aspectRatio, answers}` and the optional `provider`, `model`, `again`, `seed` and
/// `priceId`.
///
/// # Errors
/// 422 with every field that is wrong.
pub fn read_request(body: &Value) -> Result<GenerationRequest, Problem> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, code| problems.push(FieldProblem::new(field, code));
    let member = |name: &str| body.get(name).filter(|value| !value.is_null());
    let text = |name: &str| member(name).map(|value| value.as_str().ok_or("wrong_type")).transpose();

    let provider = text("provider")
        .and_then(|name| name.map(|name| name.parse::<ProviderKind>().map_err(|_| "unknown_value")).transpose());
    let provider = provider.unwrap_or_else(|code| {
        wrong("provider", code);
        None
    });
    let model = text("model").unwrap_or_else(|code| {
        wrong("model", code);
        None
    });
    let again = member("again").map_or(Some(false), Value::as_bool).unwrap_or_else(|| {
        wrong("again", "wrong_type");
        false
    });
    let seed = match member("seed").map(|value| value.as_u64().and_then(|seed| u32::try_from(seed).ok())) {
        Some(None) => {
            wrong("seed", "wrong_type");
            None
        }
        Some(Some(seed)) if seed > i32::MAX.cast_unsigned() => {
            wrong("seed", "unknown_value");
            None
        }
        Some(seed) => seed,
        None => None,
    };
    let price_id = match text("priceId").map(|id| id.map(str::parse::<PriceId>).transpose()) {
        Ok(Ok(price_id)) => price_id,
        Ok(Err(_)) => {
            wrong("priceId", "unknown_value");
            None
        }
        Err(code) => {
            wrong("priceId", code);
            None
        }
    };
    match read_params(body) {
        Ok(params) if problems.is_empty() => {
            let model = ModelSelector { provider, model: model.map(str::to_owned) };
            let spec = GenerationSpec::Wardrobe(params);
            Ok(GenerationRequest { spec, model, again, seed, price_id })
        }
        Ok(_) => Err(Problem::invalid(problems)),
        Err(errors) => {
            problems.extend(errors.into_iter().map(FieldProblem::from));
            Err(Problem::invalid(problems))
        }
    }
}
