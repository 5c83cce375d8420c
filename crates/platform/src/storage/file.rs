//! What is stored: a file, its media type and how it may be cached.

use bytes::Bytes;
use time::Duration;

use super::key::StorageKey;

/// How long a signed link may live at most (specification 1, §10: 7 days).
pub const LINK_LIFETIME_MAX: Duration = Duration::days(7);

/// A file to be stored.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// The key under which the file is stored.
    pub key: StorageKey,
    /// The whole content.
    pub bytes: Bytes,
    /// The media type of the content.
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
