//! API tokens and the checked input for a new one.

use std::fmt;
use std::str::FromStr;

use platform::http::Scope;
use platform::{FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::secret_token::secret_token;

kernel::typed_id! {
    /// The id of an API token.
    ApiTokenId,
}

/// The most valid tokens of one account.
pub(super) const TOKENS_MAX: i64 = 50;
/// The longest lifetime of a token in days.
pub(super) const DAYS_MAX: i64 = 366;
/// The lifetime in days when none is asked for.
pub(super) const DAYS_DEFAULT: i64 = 90;
/// The most characters of a token's name.
const NAME_CHARS_MAX: usize = 60;

secret_token! {
    /// The secret of an API token. The prefix lets scanners for leaked secrets find it.
    pub(crate) ApiTokenSecret, "machiya_pat_"
}

impl ApiTokenSecret {
    /// The last four characters, by which its owner recognises it.
    pub(super) fn ending(&self) -> &str {
        &self.reveal()[self.reveal().len() - 4..]
    }
}

/// A token as its owner sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiToken {
    /// The id.
    pub(crate) id: ApiTokenId,
    /// The name that its owner gave it.
    pub(crate) name: String,
    /// The last four characters of the secret.
    pub(crate) ending: String,
    /// What it may do.
    pub(crate) scopes: Vec<Scope>,
    /// When it was created.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) created_at: OffsetDateTime,
    /// When it expires.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) expires_at: OffsetDateTime,
    /// When it was last used, to five minutes.
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) last_used_at: Option<OffsetDateTime>,
}

/// The checked input for a token.
#[derive(Clone, Debug)]
pub(super) struct NewApiToken {
    pub(super) name: String,
    pub(super) scopes: Vec<Scope>,
    pub(super) days: i64,
}

impl NewApiToken {
    /// Checks the input and reports all wrong fields at once.
    ///
    /// # Errors
    /// 422 with the fields `name`, `scopes`, `days`.
    pub(super) fn check(name: &str, scopes: &[String], days: i64) -> Result<Self, Problem> {
        let mut fields = Vec::new();
        let name = platform::text::clean_line(name, NAME_CHARS_MAX)
            .map_err(|error| fields.push(FieldProblem::text("name", error)))
            .unwrap_or_default();
        let mut known: Vec<Scope> = scopes.iter().filter_map(|scope| Scope::parse(scope)).collect();
        if known.len() != scopes.len() {
            fields.push(FieldProblem::new("scopes", "unknown_value"));
        } else if known.is_empty() {
            fields.push(FieldProblem::new("scopes", "required"));
        }
        known.sort_unstable();
        known.dedup();
        if days < 1 {
            fields.push(FieldProblem::new("days", "too_low").with("min", 1_i64));
        } else if days > DAYS_MAX {
            fields.push(FieldProblem::new("days", "too_high").with("max", DAYS_MAX));
        }
        if fields.is_empty() { Ok(Self { name, scopes: known, days }) } else { Err(Problem::invalid(fields)) }
    }
}
