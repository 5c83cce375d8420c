//! Where the files of generations are stored.

use kernel::UserId;
use media::images::PictureFormat;
use platform::storage::{KeyError, StorageKey};
use time::OffsetDateTime;
use uuid::Uuid;

/// `{prefix}/{uid}/yyyy/mm/{ms}_{uuid}.{ext}`, the prefix by kind. The name is new at every attempt: a worker that woke up too late must not
/// write over what its successor has stored.
///
/// # Errors
/// Never for real ids and moments; the key's own rules are checked.
pub(crate) fn original_key(
    prefix: &str,
    user_id: UserId,
    created_at: OffsetDateTime,
    name: Uuid,
    format: PictureFormat,
) -> Result<StorageKey, KeyError> {
    StorageKey::new(format!("{}.{}", stem(prefix, user_id, created_at, name), format.extension()))
}

/// Beside the original, with its width in the name.
///
/// # Errors
/// As [`original_key`].
pub(crate) fn thumbnail_key(
    prefix: &str,
    user_id: UserId,
    created_at: OffsetDateTime,
    name: Uuid,
    width_px: u32,
    format: PictureFormat,
) -> Result<StorageKey, KeyError> {
    StorageKey::new(format!("{}_w{width_px}.{}", stem(prefix, user_id, created_at, name), format.extension()))
}

fn stem(prefix: &str, user_id: UserId, created_at: OffsetDateTime, name: Uuid) -> String {
    let (year, month) = (created_at.year(), u8::from(created_at.month()));
    let unix_ms = created_at.unix_timestamp_nanos() / 1_000_000;
    format!("{prefix}/{user_id}/{year:04}/{month:02}/{unix_ms}_{name}")
}
