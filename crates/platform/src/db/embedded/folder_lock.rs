//! One program per data folder.

use super::error::EmbeddedError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long to wait for a program that is just stopping, as happens when one run follows another at once.
const LOCK_LIMIT: Duration = Duration::from_secs(5);

/// A lock that the operating system releases when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the lock on a folder, or says which process holds it.
    pub(super) fn take(folder: &Path) -> Result<Self, EmbeddedError> {
        let path = folder.join("lock");
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(EmbeddedError::io("open", &path))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(EmbeddedError::io("lock", &path)(error)),
                Err(TryLockError::WouldBlock) if started.elapsed() > LOCK_LIMIT => {
                    let mut holder = String::new();
                    file.read_to_string(&mut holder).map_err(EmbeddedError::io("read", &path))?;
                    return Err(EmbeddedError::InUse { folder: folder.to_owned(), holder: holder.trim().to_owned() });
                }
                Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(20)),
            }
        }
        file.set_len(0).map_err(EmbeddedError::io("write", &path))?;
        file.rewind().map_err(EmbeddedError::io("write", &path))?;
        writeln!(file, "{}", std::process::id()).map_err(EmbeddedError::io("write", &path))?;
        Ok(Self { _file: file })
    }
}
