//! Files in parts: read as a stream, whole or a range of it, and written as the parts arrive.

use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::buffered::BufWriter;
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStore as _};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, SeekFrom};

use super::backend::{Storage, StorageError, path};
use super::key::StorageKey;

/// The most that is read from a folder at once, in bytes.
const READ_BYTES: u64 = 256 * 1024;
/// A file that is smaller is written by one request; a larger one in parts of this size, in bytes. S3 takes parts from
/// 5 MiB on.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// A stored file, opened to be read.
pub struct OpenFile {
    /// The size of the whole file in bytes.
    pub size_bytes: u64,
    /// The bytes that are read, from the first to behind the last.
    pub range: Range<u64>,
    /// What is read, in parts.
    pub parts: BoxStream<'static, Result<Bytes, StorageError>>,
}

impl Storage {
    /// Opens a file to read it whole, or the bytes of `range`, which must lie inside it.
    ///
    /// # Errors
    /// When there is no such file, or the storage does not answer.
    pub async fn open(&self, key: &StorageKey, range: Option<Range<u64>>) -> Result<OpenFile, StorageError> {
        self.outage().check()?;
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&path(key), options).await;
        let found = found.map_err(|error| StorageError::of_read(key, &error))?;
        let (size_bytes, range) = (found.meta.size, found.range.clone());
        let parts = match found.payload {
            GetResultPayload::File(file, _) => read_file(file.into(), range.clone()),
            GetResultPayload::Stream(parts) => {
                let key = key.clone();
                parts.map_err(move |error| StorageError::of_read(&key, &error)).boxed()
            }
        };
        Ok(OpenFile { size_bytes, range, parts })
    }

    /// Begins to write a file. It is there when [`FileWriter::finish`] has ended, whole, and not before.
    pub fn create(&self, key: &StorageKey, content_type: &'static str) -> FileWriter {
        let writer = BufWriter::with_capacity(Arc::clone(&self.store), path(key), PART_BYTES)
            .with_attributes(self.attributes_of(key, content_type));
        FileWriter { storage: self.clone(), writer }
    }
}

/// Larger parts than the library's, so that a file costs few hand-overs between threads.
fn read_file(file: tokio::fs::File, range: Range<u64>) -> BoxStream<'static, Result<Bytes, StorageError>> {
    let (start, length) = (range.start, range.end - range.start);
    let parts = stream::try_unfold((file, false, length), move |(mut file, is_placed, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        if !is_placed {
            file.seek(SeekFrom::Start(start)).await?;
        }
        let mut part = BytesMut::with_capacity(usize::try_from(left.min(READ_BYTES)).unwrap_or(usize::MAX));
        let read = (&mut file).take(left.min(READ_BYTES)).read_buf(&mut part).await?;
        if read == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
        }
        Ok(Some((part.freeze(), (file, true, left - read as u64))))
    });
    parts.map_err(StorageError::unavailable).boxed()
}

/// A file that is being written. Dropped before its end, it leaves no file behind; a bucket keeps the parts until its own
/// rule for unfinished uploads removes them, unless [`FileWriter::abort`] is called.
pub struct FileWriter {
    storage: Storage,
    writer: BufWriter,
}

impl FileWriter {
    /// Writes the next part.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn write(&mut self, part: Bytes) -> Result<(), StorageError> {
        self.storage.outage().check()?;
        self.writer.put(part).await.map_err(StorageError::unavailable)
    }

    /// Ends the file: from now on it can be read.
    ///
    /// # Errors
    /// When the storage does not answer; the file is not there then.
    pub async fn finish(mut self) -> Result<(), StorageError> {
        self.storage.outage().check()?;
        self.writer.shutdown().await.map_err(StorageError::unavailable)
    }

    /// Gives the file up and removes what was written of it.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn abort(mut self) -> Result<(), StorageError> {
        self.writer.abort().await.map_err(StorageError::unavailable)
    }
}
