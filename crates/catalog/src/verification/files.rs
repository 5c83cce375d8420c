//! Whether a stored file is what was recorded.

use ledger::Finding;
use media::content_address::ContentAddress;
use platform::App;
use platform::storage::{StorageError, StorageKey};
use uuid::Uuid;

/// A stored file and what it should be.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// The row that records it.
    pub id: Uuid,
    /// Where it is.
    pub storage_key: StorageKey,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
}

/// Reads a file and compares its checksum.
///
/// # Errors
/// When the storage is down; a file that is missing or changed is a finding.
pub async fn check_file(app: &App, file: &StoredFile) -> Result<Option<Finding>, StorageError> {
    let (code, detail) = match app.storage.get(&file.storage_key).await {
        Ok(bytes) if ContentAddress::of(&bytes).as_bytes().as_slice() == file.sha256.as_slice() => return Ok(None),
        Ok(_) => ("file_changed", "the checksum differs"),
        Err(StorageError::Missing(_)) => ("file_missing", "there is no such file"),
        Err(error @ StorageError::Unavailable(_)) => return Err(error),
    };
    Ok(Some(Finding::new(code, file.storage_key.as_str(), detail)))
}
