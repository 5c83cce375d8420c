//! Errors of requests: status, stable code, localised message, wrong fields.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Locale;
use serde::Serialize;
use serde_json::{Map, Value};
use time::Duration;

use crate::i18n::Languages;
use crate::idempotency::reservation::ReservationLost;
use crate::storage::backend::StorageError;
use crate::text::TextError;

/// Why a request failed.
///
/// The stable `code` names the message `error-{code}` (with `-` for `_`) and its attribute `.detail` in the language
/// files. What went wrong inside ([`Problem::internal`]) is logged with the request's id and never shown.
#[derive(Clone, Debug)]
pub struct Problem(Arc<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    args: Vec<(&'static str, String)>,
    members: Vec<(&'static str, Value)>,
    fields: Vec<FieldProblem>,
    retry_after: Option<Duration>,
    source: Option<Arc<anyhow::Error>>,
}

/// What is wrong with one field. The code names the message `field-{code}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field as the caller wrote it: `priceCents`, `answers.vibe`.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// What goes into the places of the message.
    pub args: Vec<(&'static str, String)>,
}

/// What goes into a place of a message: a text or a whole number.
#[derive(Clone, Debug)]
pub struct Filling(String);

macro_rules! fill_with {
    ($($number:ty),+) => {$(
        impl From<$number> for Filling {
            fn from(value: $number) -> Self {
                Self(value.to_string())
            }
        }
    )+};
}

fill_with!(&str, &String, String, i16, i32, i64, u16, u32, u64, usize, kernel::Yen);

impl FieldProblem {
    /// `field` is wrong because of `code`.
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, args: Vec::new() }
    }

    /// Fills a place of the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Filling>) -> Self {
        self.args.push((name, value.into().0));
        self
    }

    /// What is wrong with a text field.
    pub fn text(field: impl Into<String>, fault: TextError) -> Self {
        let problem = Self::new(field, fault.code());
        match fault {
            TextError::TooLong { max_chars } => problem.with("max", max_chars),
            TextError::Empty | TextError::Unprintable => problem,
        }
    }

    /// The message in a language.
    pub fn message(&self, languages: &Languages, locale: Locale) -> String {
        let args: Vec<(&str, &str)> = self.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        languages.text(locale, &format!("field-{}", self.code.replace('_', "-")), &args)
    }
}

impl Problem {
    /// A problem with a stable code.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self(Arc::new(Parts {
            status,
            code,
            args: Vec::new(),
            fields: Vec::new(),
            members: Vec::new(),
            retry_after: None,
            source: None,
        }))
    }

    /// 400: the request could not be read.
    pub fn malformed() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_request")
    }

    /// 401: the caller is not logged in.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized")
    }

    /// 404: there is no such thing, or the caller may not see it.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found")
    }

    /// 409: it cannot be done in the present state.
    pub fn conflict(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// 422: the request was read and is not acceptable.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input");
        Arc::make_mut(&mut problem.0).fields = fields;
        problem
    }

    /// 422 for one field.
    pub fn invalid_field(field: impl Into<String>, code: &'static str) -> Self {
        Self::invalid(vec![FieldProblem::new(field, code)])
    }

    /// 429, with the time to wait.
    pub fn too_many_requests(wait: Duration) -> Self {
        let seconds = wait.whole_seconds().max(1);
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests").with("seconds", seconds).retry_after(wait)
    }

    /// 503: a part of the platform is down.
    pub fn unavailable(code: &'static str, source: impl Into<anyhow::Error>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code).because(source).retry_after(Duration::seconds(5))
    }

    /// 500: a fault of ours. `source` goes to the log only.
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error").because(source)
    }

    /// Fills a place of the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Filling>) -> Self {
        Arc::make_mut(&mut self.0).args.push((name, value.into().0));
        self
    }

    /// Adds a member to the JSON body, for callers that go on from here: what was needed, where to get it.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: Value) -> Self {
        Arc::make_mut(&mut self.0).members.push((name, value));
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        Arc::make_mut(&mut self.0).retry_after = Some(wait);
        self
    }

    /// Keeps what went wrong inside, for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<anyhow::Error>) -> Self {
        Arc::make_mut(&mut self.0).source = Some(Arc::new(source.into()));
        self
    }

    /// What went wrong inside, for the log.
    pub(super) fn source(&self) -> Option<&anyhow::Error> {
        self.0.source.as_deref()
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What is wrong with which field.
    pub fn fields(&self) -> &[FieldProblem] {
        &self.0.fields
    }

    /// The JSON body in a language.
    pub fn body(&self, languages: &Languages, locale: Locale) -> ProblemBody {
        let args: Vec<(&str, &str)> = self.0.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let key = format!("error-{}", self.0.code.replace('_', "-"));
        let fields = |problem: &FieldProblem| FieldBody {
            field: problem.field.clone(),
            error: problem.code,
            message: problem.message(languages, locale),
        };
        ProblemBody {
            r#type: "about:blank",
            title: languages.text(locale, &key, &args),
            status: self.0.status.as_u16(),
            error: self.0.code,
            detail: languages.try_text(locale, &format!("{key}.detail"), &args),
            fields: self.0.fields.iter().map(fields).collect(),
            request_id: None,
            members: self.0.members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        }
    }
}

/// `application/problem+json` with the extra members of DESIGN §6.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemBody {
    /// Always `about:blank`: the code says what it is.
    pub r#type: &'static str,
    /// What happened, in the caller's language.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// The stable code.
    pub error: &'static str,
    /// What can be done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldBody>,
    /// The request, as the logs know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What only this code has to say.
    #[serde(flatten)]
    #[schema(ignore)]
    pub members: Map<String, Value>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct FieldBody {
    /// The field as the caller wrote it.
    pub field: String,
    /// The stable code.
    pub error: &'static str,
    /// What is wrong, in the caller's language.
    pub message: String,
}

impl IntoResponse for Problem {
    /// The status and the problem itself as an extension; [`super::localise_problems`] or the page shell makes the body, since
    /// only they know the language.
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        if let Some(wait) = self.0.retry_after
            && let Ok(value) = HeaderValue::from_str(&wait.whole_seconds().max(1).to_string())
        {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::unavailable("database_unavailable", error)
            }
            sqlx::Error::Database(inner) => match inner.code().as_deref().unwrap_or_default() {
                // 57P01 to 57P03: the server is shutting down or starting; 57014: the statement took too long; 55P03: it
                // waited too long for others; 40001, 40P01: it would have to be done again; 25P03: the transaction
                // stood idle for too long; 08…: the connection broke; 53…: too many connections, no room left.
                "57P01" | "57P02" | "57P03" | "57014" | "55P03" | "40001" | "40P01" | "25P03" => {
                    Self::unavailable("database_unavailable", error)
                }
                code if code.starts_with("08") || code.starts_with("53") => {
                    Self::unavailable("database_unavailable", error)
                }
                // A text with the character U+0000, which PostgreSQL keeps in neither text nor JSON.
                "22021" | "22P05" => Self::malformed().because(error),
                _ => Self::internal(error),
            },
            sqlx::Error::AnyDriverError(inner) if inner.is::<ReservationLost>() => {
                Self::conflict("request_in_progress")
            }
            _ => Self::internal(error),
        }
    }
}

impl From<StorageError> for Problem {
    fn from(fault: StorageError) -> Self {
        match fault {
            StorageError::Missing(_) => Self::internal(fault),
            StorageError::Unavailable(_) => Self::unavailable("storage_unavailable", fault),
        }
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(error)
    }
}

impl From<kernel::CursorError> for Problem {
    fn from(_: kernel::CursorError) -> Self {
        Self::invalid_field("cursor", "unknown_value")
    }
}
