//! Exports and what goes into them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use platform::jobs::Job;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

kernel::typed_id! {
    /// The id of an export.
    AccountExportId,
}

/// How long a file can be downloaded.
pub(super) const KEPT: Duration = Duration::days(7);

/// The rows of one table that belong to an account.
#[derive(Clone, Copy, Debug)]
pub struct OwnRows {
    /// The name of the file, without `.json`.
    pub file: &'static str,
    /// The table with its schema: `public.orders`.
    pub table: &'static str,
    /// The column that holds the id of the account.
    pub owner: &'static str,
}

/// The tables of one domain.
#[derive(Clone, Copy, Debug)]
pub struct Contributor {
    /// The name of the domain and of its folder in the file.
    pub name: &'static str,
    /// Its tables.
    pub rows: &'static [OwnRows],
}

/// The tables of all domains.
pub type Contributors = Arc<[Contributor]>;

/// Builds the file of an export.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BuildExport {
    pub(super) export_id: AccountExportId,
}

impl Job for BuildExport {
    const NAME: &'static str = "identity.build_export";
    const PRIORITY: i16 = -5;
}

/// The state of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub(crate) enum ExportState {
    /// The file is being built.
    Requested,
    /// The file can be downloaded.
    Ready,
    /// The file could not be built.
    Failed,
    /// The file was deleted after seven days.
    Ended,
}

/// An export as its owner sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountExport {
    /// The id.
    pub(crate) id: AccountExportId,
    /// The state.
    pub(crate) state: ExportState,
    /// The size of the file in bytes.
    pub(crate) size_bytes: Option<i64>,
    /// When it was requested.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) requested_at: OffsetDateTime,
    /// Until when the file can be downloaded.
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) expires_at: Option<OffsetDateTime>,
}
