//! What an upload is.

use std::fmt;
use std::str::FromStr;

use kernel::{Cursor, UserId};
use platform::storage::StorageKey;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::imports::normalise::PictureUse;

kernel::typed_id! {
    /// A picture that somebody brought along.
    UploadId,
}

/// The largest file that is received, in bytes (20 MiB).
pub(crate) const FILE_MAX_BYTES: u64 = 20 * 1024 * 1024;
/// The most uploads of one person, so that small files have an end too.
pub(crate) const UPLOADS_MAX: i64 = 2_000;
/// How long a link to an upload works.
pub(crate) const LINK_LIFETIME: Duration = Duration::HOUR;
/// After this an upload that was never finished is removed.
pub(crate) const UNFINISHED_FOR: Duration = Duration::HOUR;
/// The longest file name that is kept, in characters.
pub(crate) const FILE_NAME_MAX_CHARS: usize = 255;

/// What an upload is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum UploadKind {
    /// The sign of a brand.
    Logo,
    /// A photograph of what is sold.
    Product,
    /// The part of a picture that is to be changed.
    Mask,
    /// Anything else.
    Other,
}

impl UploadKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Logo, Self::Product, Self::Mask, Self::Other];

    /// The name in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::Product => "product",
            Self::Mask => "mask",
            Self::Other => "other",
        }
    }

    /// Whether each of its pixels counts.
    pub(crate) const fn picture_use(self) -> PictureUse {
        match self {
            Self::Logo | Self::Mask => PictureUse::Exact,
            Self::Product | Self::Other => PictureUse::Shown,
        }
    }
}

impl FromStr for UploadKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(())
    }
}

/// A picture that somebody brought along, stored as PNG or JPEG: upright, 8-bit sRGB, without metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is for.
    pub kind: UploadKind,
    /// The name of the file that came in, for people to read.
    pub file_name: String,
    /// Where the stored file is.
    pub storage_key: StorageKey,
    /// `image/png` or `image/jpeg`.
    pub mime_type: String,
    /// The size of the stored file in bytes.
    pub size_bytes: i64,
    /// The width in pixels.
    pub width: i32,
    /// The height in pixels.
    pub height: i32,
    /// The SHA-256 of the stored file.
    pub sha256: Vec<u8>,
    /// What the file was when it came in: `png`, `jpeg`, `webp`, `avif` or `svg`.
    pub source_format: String,
    /// How the picture came to be, where its file said so: a term of IPTC's digital source types.
    pub digital_source_type: Option<String>,
    /// Until when it is kept while nothing uses it; nothing for ever.
    pub expires_at: Option<OffsetDateTime>,
    /// When it came in.
    pub created_at: OffsetDateTime,
}

impl Upload {
    /// Its place in a list, newest first.
    pub(crate) fn position(&self) -> Cursor {
        Cursor { at: self.created_at, id: self.id.uuid() }
    }
}
