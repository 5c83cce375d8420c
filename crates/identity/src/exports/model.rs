//! What an export is, and what goes into it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

kernel::typed_id! {
    /// A file with everything about a person.
    AccountExportId,
}

/// How long a file can be fetched.
pub(super) const KEPT: Duration = Duration::days(7);

/// Rows of one table that belong to a person.
#[derive(Clone, Copy, Debug)]
pub struct OwnRows {
    /// The name of the file, without `.json`.
    pub file: &'static str,
    /// The table: `public.orders`.
    pub table: &'static str,
    /// The column that names the person.
    pub owner: &'static str,
}

/// What one domain holds about people.
#[derive(Clone, Copy, Debug)]
pub struct Contributor {
    /// The domain; the name of its folder in the file.
    pub name: &'static str,
    /// Its tables.
    pub rows: &'static [OwnRows],
}

/// What all domains hold about people.
pub type Contributors = Arc<[Contributor]>;

/// Where an export stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ExportState {
    /// It is being made.
    Requested,
    /// It can be fetched.
    Ready,
    /// It could not be made.
    Failed,
    /// Its time is over.
    Ended,
}

/// An export as its person sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountExport {
    /// Its id.
    pub id: AccountExportId,
    /// Where it stands.
    pub state: ExportState,
    /// The size of the file.
    pub size_bytes: Option<i64>,
    /// When it was asked for.
    #[serde(with = "time::serde::rfc3339")]
    pub requested_at: OffsetDateTime,
    /// Until when it can be fetched.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
}
