//! What an API token is.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Random;
use platform::http::Scope;
use platform::{FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

kernel::typed_id! {
    /// A token that somebody made for a program.
    ApiTokenId,
}

/// Tokens that one person may have at a time.
pub(super) const TOKENS_MAX: i64 = 50;
/// A token ends after this many days at the latest.
pub(super) const DAYS_MAX: i64 = 366;
/// Characters of a token's name at most.
const NAME_CHARS_MAX: usize = 60;

/// The secret of an API token: 256 random bits, with a prefix by which scanners of leaked secrets know it.
#[derive(Clone)]
pub struct ApiTokenSecret(String);

impl ApiTokenSecret {
    const PREFIX: &'static str = "machiya_pat_";

    pub(super) fn generate(random: &Random) -> Self {
        Self(format!("{}{}", Self::PREFIX, URL_SAFE_NO_PAD.encode(random.bytes::<32>())))
    }

    /// Reads what a caller sent; nothing when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(Self::PREFIX)?;
        (rest.len() == 43 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
            .then(|| Self(text.to_owned()))
    }

    /// The secret itself, to be shown to its owner once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// The last four characters, by which its owner knows it again.
    pub(super) fn ending(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

impl fmt::Debug for ApiTokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiTokenSecret")
    }
}

/// A token as its owner sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// What its owner calls it.
    pub name: String,
    /// The last four characters.
    pub ending: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Until when.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// When it was last used, to five minutes.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<OffsetDateTime>,
}

/// A token that somebody wants, checked.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    pub(super) name: String,
    pub(super) scopes: Vec<Scope>,
    pub(super) days: i64,
}

impl NewApiToken {
    /// Checks what somebody typed; every fault at once.
    ///
    /// # Errors
    /// 422 with the fields `name`, `scopes`, `days`.
    pub fn check(name: &str, scopes: &[String], days: i64) -> Result<Self, Problem> {
        let mut fields = Vec::new();
        let name = platform::text::clean_line(name, NAME_CHARS_MAX)
            .map_err(|fault| fields.push(FieldProblem::text("name", fault)))
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
