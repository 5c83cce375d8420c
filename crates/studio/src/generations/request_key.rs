//! What makes two requests the same request.

use kernel::UserId;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::spec::GenerationSpec;
use crate::providers::model::ProviderKind;

/// Everything that decides a result. Another version of a prompt template makes another request.
#[derive(Serialize)]
struct CanonicalRequest<'a> {
    template: &'static str,
    user_id: UserId,
    provider: ProviderKind,
    model: &'a str,
    size: Option<&'a str>,
    spec: &'a GenerationSpec,
    inputs: &'a [&'a [u8]],
    seed: Option<u32>,
}

/// The version of the prompt templates.
const PROMPT_TEMPLATE: &str = "2";

/// The two keys of a request: of the request itself, and of one of the results made for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestKey([u8; 32]);

impl RequestKey {
    /// SHA-256 over the canonical form. Results are never shared between accounts, so the account is part of it.
    pub(crate) fn of(
        user_id: UserId,
        spec: &GenerationSpec,
        inputs: &[&[u8]],
        (provider, model, size): (ProviderKind, &str, Option<&str>),
        seed: Option<u32>,
    ) -> Self {
        let request =
            CanonicalRequest { template: PROMPT_TEMPLATE, user_id, provider, model, size, spec, inputs, seed };
        // Text and numbers always have a JSON form; were it not so, the empty one would only cost a cache hit.
        let canonical = serde_json::to_vec(&request).unwrap_or_default();
        Self(Sha256::digest(canonical).into())
    }

    /// The bytes.
    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key of the result with this variation number.
    pub(crate) fn variation(&self, variation: i32) -> [u8; 32] {
        Sha256::new_with_prefix(self.0).chain_update(variation.to_be_bytes()).finalize().into()
    }
}

/// A seed that every provider takes, from a picture's key: the same request repeats, another variation differs.
pub(crate) fn seed_from(cache_key: &[u8; 32]) -> u32 {
    let [first, second, third, fourth, ..] = *cache_key;
    u32::from_be_bytes([first, second, third, fourth]) >> 1
}
