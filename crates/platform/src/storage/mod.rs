//! Stored files: a folder, or a bucket at any S3.
//!
//! Keys are made by the platform, never by strangers ([`StorageKey`]). What is below `public/` and `catalog/` is for
//! everyone; all else leaves only by a signed, short-lived link.
//!
//! Absent on purpose: renaming and overwriting. A key is written once; what changes gets another key.

mod backend;
mod key;
mod links;
mod serve;

use bytes::Bytes;
use time::Duration;

pub use backend::{Storage, StorageError, StorageWeather, StoredFile};
pub use key::{KeyError, StorageKey};
pub use links::LinkSigner;
pub use serve::routes;

/// How long a signed link may live at most (specification 1, §10: 7 days).
pub const LINK_LIFETIME_MAX: Duration = Duration::days(7);

/// A file to be stored.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Where.
    pub key: StorageKey,
    /// What.
    pub bytes: Bytes,
    /// Its media type.
    pub content_type: &'static str,
}

/// The media type of a key, by its extension; what the folder serves it as.
pub fn content_type_of(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("zip") => "application/zip",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The cache header of a key: what is public never changes and may be kept by anybody, the rest only by its reader.
pub fn cache_control_of(key: &StorageKey) -> &'static str {
    if key.is_public() { "public, max-age=31536000, immutable" } else { "private, max-age=31536000, immutable" }
}
