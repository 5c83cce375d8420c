//! Reads and checks the content credentials of a picture.

use super::context::context_that_trusts;
use super::model::{Credentials, ProvenanceError, SourceType, Trust};
use crate::images::inspect::inspect;
use c2pa::{Manifest, Reader, ValidationState};
use serde_json::Value;
use std::io::Cursor;

/// Reads and checks the credentials of a picture. Certificates under `anchors_pem` (any number, as PEM) are trusted.
/// Nothing is fetched.
///
/// # Errors
/// `Image` when it is no picture, `NoCredentials` when it has none, `Unreadable` when they cannot be parsed. A picture
/// that was changed is not an error: its trust is `Broken`.
pub fn verify(picture: &[u8], anchors_pem: &str) -> Result<Credentials, ProvenanceError> {
    let facts = inspect(picture)?;
    let unreadable = |cause: c2pa::Error| match cause {
        c2pa::Error::JumbfNotFound => ProvenanceError::NoCredentials,
        other => ProvenanceError::Unreadable(other.to_string()),
    };
    let context = context_that_trusts(anchors_pem).map_err(|cause| ProvenanceError::Identity(cause.to_string()))?;
    let reader = Reader::from_context(context)
        .with_stream(facts.format.mime_type(), Cursor::new(picture))
        .map_err(unreadable)?;
    let trust = match reader.validation_state() {
        ValidationState::Trusted => Trust::Trusted,
        ValidationState::Valid => Trust::Unknown,
        ValidationState::Invalid => Trust::Broken,
    };
    let validation_codes = reader.validation_status().unwrap_or_default().iter().map(|s| s.code().to_owned()).collect();
    let manifest = reader.active_manifest().ok_or(ProvenanceError::NoCredentials)?;
    let actions = actions_of(manifest);
    Ok(Credentials {
        trust,
        generator: manifest.claim_generator_info.as_ref().and_then(|all| all.first()).map(|info| info.name.clone()),
        signed_by: manifest.signature_info().and_then(|info| info.common_name.clone()),
        source_type: actions.iter().find_map(|a| SourceType::from_uri(a.get("digitalSourceType")?.as_str()?)),
        actions: actions.iter().filter_map(|a| Some(a.get("action")?.as_str()?.to_owned())).collect(),
        has_parent: manifest.parent().is_some(),
        validation_codes,
    })
}

/// The entries of the actions assertion, in order.
fn actions_of(manifest: &Manifest) -> Vec<Value> {
    let assertion = manifest.assertions().iter().find(|assertion| assertion.label().starts_with("c2pa.actions"));
    let value = assertion.and_then(|assertion| assertion.value().ok()).cloned().unwrap_or_default();
    value.get("actions").and_then(Value::as_array).cloned().unwrap_or_default()
}
